import { LineCounter, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../api/object.ts';

/** Where an object came from. `line` counts from 1. */
export interface Source {
  readonly file: string;
  readonly line: number;
}

export interface LoadedObject {
  readonly object: KubeObject;
  readonly source: Source;
}

/** A document that could not be used; the others were. */
export interface LoadError {
  readonly source: Source;
  readonly message: string;
}

export interface Loaded {
  readonly objects: readonly LoadedObject[];
  readonly errors: readonly LoadError[];
}

/** The objects of a YAML stream or of JSON; Lists are taken apart, empty documents skipped. */
export function loadManifests(file: string, content: string): Loaded {
  const objects: LoadedObject[] = [];
  const errors: LoadError[] = [];
  const lines = new LineCounter();
  const documents = parseAllDocuments(content, { lineCounter: lines, version: '1.1', merge: true });
  if (!Array.isArray(documents)) return { objects, errors };
  for (const document of documents) {
    // A document's range begins behind its marker; its first content says where a person would look.
    const source = { file, line: lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line };
    const error = document.errors[0];
    if (error) {
      errors.push({
        source: { file, line: lines.linePos(error.pos[0]).line },
        message: error.message.split('\n')[0]!,
      });
      continue;
    }
    try {
      take(document.toJS({ maxAliasCount: 100 }), source, objects, errors);
    } catch (cause) {
      errors.push({ source, message: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  return { objects, errors };
}

function take(value: unknown, source: Source, objects: LoadedObject[], errors: LoadError[]): void {
  if (value === null || value === undefined) return;
  const object = value as Partial<KubeObject> & { items?: unknown[] };
  if (typeof value !== 'object' || typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') {
    errors.push({ source, message: 'It is not a Kubernetes object: apiVersion and kind are missing.' });
    return;
  }
  if (object.kind.endsWith('List') && Array.isArray(object.items)) {
    for (const item of object.items) take(item, source, objects, errors);
    return;
  }
  if (typeof object.metadata?.name !== 'string') {
    errors.push({ source, message: `The ${object.kind} has no metadata.name.` });
    return;
  }
  objects.push({ object: object as KubeObject, source });
}
