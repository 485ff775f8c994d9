import { UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { CRD } from '../api/resource.ts';
import { LIMITS, mebibytes } from './limits.ts';
import { loadManifests, type Loaded, type Wanted } from './load.ts';
import { decodeText, readRegularFile, Unreadable } from './read.ts';
import { walk } from './tree.ts';

/** Reads one file of manifests; a UserError names it when it can't be read. */
export function readManifestFile(path: string): Loaded {
  return loadManifests(path, readManifestText(path));
}

/** The text of a file of manifests; a UserError names it when it can't be read. */
export function readManifestText(path: string): string {
  try {
    return decodeText(readRegularFile(path).bytes);
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    throw new UserError(`${path} could not be read: ${cause.message}.`, { hint: cause.hint, cause });
  }
}

const FETCH_TIMEOUT_MS = 30_000;

/** The CRDs in a file, in the YAML files of a directory, or at an http(s) address, by name. */
export async function loadCrds(from: string): Promise<Map<string, KubeObject>> {
  const objects = /^https?:\/\//.test(from)
    ? loadAll([[from, await fetchText(from)]])
    : loadAll(readPath(from));
  if (objects.length === 0)
    throw new UserError(`${from} holds no CustomResourceDefinition.`, {
      hint: "Give the release's manifests.yaml, or its config/crd/bases folder.",
    });
  return new Map(objects.map((crd) => [crd.metadata.name, crd]));
}

function readPath(path: string): [string, string][] {
  return walk([path], false)
    .files.filter((file) => file.manifest)
    .map((file) => [file.path, readManifestText(file.real)]);
}

const isCrd: Wanted = (group, kind) => group === CRD.group && kind === CRD.kind;

function loadAll(files: readonly (readonly [string, string])[]): KubeObject[] {
  return files.flatMap(([name, content]) => {
    const { objects, errors } = loadManifests(name, content, isCrd);
    // A folder may hold what is none, such as a kustomization.yaml without a kind.
    const error = errors.find(({ reason }) => reason !== 'foreign' || files.length === 1);
    if (error) throw new UserError(`${error.source.file}:${error.source.line}: ${error.message}`);
    return objects.map(({ object }) => object);
  });
}

// A release's CRDs have less than a megabyte.
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    if ((bytes += part.length) > LIMITS.documentBytes)
      throw new Error(`it is larger than ${mebibytes(LIMITS.documentBytes)}`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await textOf(response);
  } catch (cause) {
    const inner = (cause as Error).cause;
    const why = inner instanceof Error ? inner.message : (cause as Error).message;
    throw new UserError(`${url} could not be fetched: ${why}.`, {
      hint: 'Without the internet: download that file where there is, bring it here, and name it: --crds-from FILE (for "crds install": --from FILE).',
      cause,
    });
  }
}
