import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { loadManifests, type Loaded } from './load.ts';

/** Reads one file of manifests; a UserError names it when it can't be read. */
export function readManifestFile(path: string): Loaded {
  return loadManifests(path, readFile(path));
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory'
          : String((cause as Error).message);
    throw new UserError(`${path} could not be read: ${why}.`, { cause });
  }
}

const FETCH_TIMEOUT_MS = 30_000;

/** The CRDs in a file, in the YAML files of a directory, or at an http(s) address, by name. */
export async function loadCrds(from: string): Promise<Map<string, KubeObject>> {
  const objects = /^https?:\/\//.test(from)
    ? loadAll([[from, await fetchText(from)]])
    : loadAll(readPath(from));
  const crds = objects.filter((object) => object.kind === 'CustomResourceDefinition');
  if (crds.length === 0)
    throw new UserError(`${from} holds no CustomResourceDefinition.`, {
      hint: "Give the release's manifests.yaml, or its config/crd/bases folder.",
    });
  return new Map(crds.map((crd) => [crd.metadata.name, crd]));
}

function readPath(path: string): [string, string][] {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (cause) {
    throw new UserError(`${path} could not be read: there is no such file or directory.`, { cause });
  }
  if (!isDirectory) return [[path, readFile(path)]];
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/.test(name) && name !== 'kustomization.yaml')
    .sort()
    .map((name) => [join(path, name), readFile(join(path, name))]);
}

function loadAll(files: readonly (readonly [string, string])[]): KubeObject[] {
  return files.flatMap(([name, content]) => {
    const { objects, errors } = loadManifests(name, content);
    const [error] = errors;
    if (error) throw new UserError(`${error.source.file}:${error.source.line}: ${error.message}`);
    return objects.map(({ object }) => object);
  });
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.text();
  } catch (cause) {
    const inner = (cause as Error).cause;
    const why = inner instanceof Error ? inner.message : (cause as Error).message;
    throw new UserError(`${url} could not be fetched: ${why}.`, {
      hint: "Without the internet: download the release's manifests.yaml elsewhere and give --from FILE.",
      cause,
    });
  }
}
