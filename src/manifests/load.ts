import type { KubeObject } from '../api/object.ts';
import { groupOf } from '../api/resource.ts';
import { documentsOf, type DocumentText } from './documents.ts';
import { BrokenDocument, parseDocument, type ParsedDocument } from './parse.ts';
import { LIMITS, mebibytes } from './limits.ts';
import { misshapen } from './shape.ts';

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
  /** `foreign`: well-formed, but nothing of Kubernetes. */
  readonly reason: 'broken' | 'foreign' | 'invalid';
  /** What the document says, for those who have to tell a template from a mistake. */
  readonly text: string;
}

export interface Loaded {
  readonly objects: readonly LoadedObject[];
  readonly errors: readonly LoadError[];
  /** Objects that were passed over, by `group/Kind`. */
  readonly passed: ReadonlyMap<string, Source>;
  /** Documents that are not empty. */
  readonly documents: number;
}

/** Which kinds are kept. */
export type Wanted = (group: string, kind: string) => boolean;

/**
 * The objects of a YAML stream or of JSON; Lists are taken apart, empty documents skipped. Of kinds that are not wanted it is
 * only looked whether they are well-formed.
 */
export function loadManifests(file: string, content: string, wanted: Wanted = () => true): Loaded {
  const loading = new Loading(file, wanted);
  for (const document of documentsOf(content)) loading.document(document);
  return loading;
}

const NOT_KUBERNETES = 'It is not a Kubernetes object: apiVersion and kind are missing.';

function itemsOf(list: unknown): unknown[] | null {
  const items = (list as { items?: unknown } | null)?.items;
  return Array.isArray(items) ? items : null;
}

class Loading implements Loaded {
  readonly objects: LoadedObject[] = [];
  readonly errors: LoadError[] = [];
  readonly passed = new Map<string, Source>();
  documents = 0;
  readonly #file: string;
  readonly #wanted: Wanted;

  constructor(file: string, wanted: Wanted) {
    this.#file = file;
    this.#wanted = wanted;
  }

  document(document: DocumentText): void {
    try {
      const parsed = parseDocument(document);
      if (parsed.state === 'empty') return;
      this.documents++;
      this.#take(parsed, document.text);
    } catch (cause) {
      if (!(cause instanceof BrokenDocument)) throw cause;
      this.documents++;
      this.#fail(cause.line, 'broken', cause.message, document.text);
    }
  }

  #take(parsed: ParsedDocument, text: string): void {
    const { apiVersion, kind, line } = parsed;
    if (apiVersion === undefined || kind === undefined) {
      this.#fail(line, 'foreign', NOT_KUBERNETES, text);
      return;
    }
    const items = kind.endsWith('List') ? itemsOf(parsed.value()) : null;
    if (items) {
      for (const [index, item] of items.entries()) this.#item(item, parsed.itemLines[index] ?? line, text);
      return;
    }
    if (!this.#wanted(groupOf(apiVersion), kind)) this.#pass(apiVersion, kind, line);
    else if (text.length > LIMITS.objectBytes)
      this.#fail(
        line,
        'invalid',
        `The ${kind} is larger than ${mebibytes(LIMITS.objectBytes)}, which no API server takes.`,
        text,
      );
    else this.#keep(parsed.value(), line, text);
  }

  #item(item: unknown, line: number, text: string): void {
    const { apiVersion, kind } = (item ?? {}) as Partial<KubeObject>;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      this.#fail(line, 'foreign', NOT_KUBERNETES, text);
    else if (kind.endsWith('List') && itemsOf(item))
      for (const inner of itemsOf(item)!) this.#item(inner, line, text);
    else if (this.#wanted(groupOf(apiVersion), kind)) this.#keep(item, line, text);
    else this.#pass(apiVersion, kind, line);
  }

  #keep(value: unknown, line: number, text: string): void {
    const object = (value ?? {}) as Partial<KubeObject>;
    // What reads as a name may be no text: null, 5.
    if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') {
      this.#fail(line, 'foreign', NOT_KUBERNETES, text);
      return;
    }
    if (typeof object.metadata?.name !== 'string' || object.metadata.name === '') {
      this.#fail(line, 'invalid', `The ${object.kind} has no metadata.name.`, text);
      return;
    }
    if (object.metadata.name.includes('{{')) {
      this.#fail(
        line,
        'broken',
        `The ${object.kind} is a template: its name is ${object.metadata.name}.`,
        text,
      );
      return;
    }
    const wrong = misshapen(object as KubeObject);
    if (wrong === null)
      this.objects.push({ object: object as KubeObject, source: { file: this.#file, line } });
    else this.#fail(line, 'invalid', `The ${object.kind} ${object.metadata.name} can't be: ${wrong}.`, text);
  }

  #pass(apiVersion: string, kind: string, line: number): void {
    const key = `${groupOf(apiVersion)}/${kind}`;
    if (!this.passed.has(key)) this.passed.set(key, { file: this.#file, line });
  }

  #fail(line: number, reason: LoadError['reason'], message: string, text: string): void {
    this.errors.push({ source: { file: this.#file, line }, message, reason, text });
  }
}
