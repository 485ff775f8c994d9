import { dirname } from 'node:path';
import type { Finding } from '../api/finding.ts';
import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import {
  ALPHA_GROUP,
  ALPHA_POOL,
  DESTINATION_RULE,
  MODEL,
  OBJECTIVE,
  REWRITE,
  V1_POOL,
} from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { digestOf, type ManifestFile } from '../manifests/loadTree.ts';
import { decodeText, readRegularFile } from '../manifests/read.ts';
import { rewritesOf, rewriteText, type Rewrites } from '../manifests/rewrite/rewrite.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { Args } from './command.ts';
import { text } from './command.ts';
import { decide } from './conversion.ts';
import { inventoryOf, type Files } from './files.ts';

const V1_KINDS = [V1_POOL, OBJECTIVE, REWRITE];

/** A file whose text changes. */
export interface RewrittenFile {
  readonly source: ManifestFile;
  readonly before: string;
  readonly after: string;
  readonly changed: readonly Ref[];
}

export interface RewrittenFiles {
  readonly files: readonly RewrittenFile[];
  readonly findings: readonly Finding[];
}

/**
 * The files as they have to be on v1. They are converted together, since a route and its pool may be in two of them; but
 * what is defined anew in one folder (an overlay, another cluster) is converted with that folder's own objects first.
 */
export function rewriteFiles(files: Files, args: Args): RewrittenFiles {
  const scopes = scopesOf(files);
  const rewritten: RewrittenFile[] = [];
  const findings: Finding[] = [];
  for (const scope of scopes) {
    const { rewrites, findings: about } = rewritesFor(scope, files, args);
    findings.push(...about);
    for (const source of scope.files) {
      const before = readAgain(source);
      const { text: after, changed, findings: more } = rewriteText(source.file.path, before, rewrites);
      findings.push(...more);
      if (after !== before) rewritten.push({ source, before, after, changed });
    }
  }
  return { files: rewritten, findings: unique(findings) };
}

interface Scope {
  /** To be rewritten. */
  readonly files: readonly ManifestFile[];
  /** What they are converted with: each object once. */
  readonly objects: readonly KubeObject[];
  /** refKeys of what the folder itself has. */
  readonly present: ReadonlySet<string>;
  /** refKeys of objects that are here more than once, and not the same. */
  readonly contested: ReadonlyMap<string, readonly string[]>;
}

// Folders that hold v1 objects, or objects that another folder has differently, are converted by themselves: often they are
// different clusters, and what one has of v1 already must neither stand for what the other needs nor lend it its fields.
function scopesOf({ loaded }: Files): Scope[] {
  const everything = loaded.files.flatMap(({ objects }) => objects);
  const disputed = new Set(
    [...Map.groupBy(everything, ({ object }) => refKey(refOf(object)))]
      .filter(([, same]) => new Set(same.map(({ object }) => canonicalJson(object))).size > 1)
      .map(([key]) => key),
  );
  const isApart = ({ objects }: ManifestFile) =>
    objects.some(({ object }) => isV1(object) || disputed.has(refKey(refOf(object))));
  const folders = new Set(loaded.files.filter(isApart).map(folderOf));
  const inFolder = Map.groupBy(loaded.files, folderOf);
  const concerned = loaded.files.filter(({ objects }) => objects.some(({ object }) => concerns(object)));
  const together = concerned.filter((file) => !folders.has(folderOf(file)));
  const apart = Map.groupBy(
    concerned.filter((file) => folders.has(folderOf(file))),
    folderOf,
  );
  const rest = loaded.files.filter((file) => !folders.has(folderOf(file)));
  return [
    ...(together.length > 0 ? [scope(together, rest, loaded.files)] : []),
    ...[...apart].map(([folder, files]) =>
      scope(files, inFolder.get(folder)!, nearestFirst(folder, loaded.files)),
    ),
  ];
}

function isV1(object: KubeObject): boolean {
  const { group, kind } = refOf(object);
  return V1_KINDS.some((resource) => resource.group === group && resource.kind === kind);
}

function folderOf({ file }: ManifestFile): string {
  return dirname(file.real);
}

// The policy of rewriteText: these can hold something that changes.
function concerns(object: KubeObject): boolean {
  return object.kind === DESTINATION_RULE.kind || JSON.stringify(object).includes(ALPHA_GROUP);
}

function nearestFirst(folder: string, files: readonly ManifestFile[]): ManifestFile[] {
  const near = (file: ManifestFile) => {
    const other = folderOf(file);
    let same = 0;
    while (same < folder.length && folder[same] === other[same]) same++;
    return same;
  };
  return files
    .map((file) => [near(file), file] as const)
    .sort(([a], [b]) => b - a)
    .map(([, file]) => file);
}

/** `own` come first; of `others` what is missing. */
function scope(
  files: readonly ManifestFile[],
  own: readonly ManifestFile[],
  others: readonly ManifestFile[],
): Scope {
  const objects = new Map<string, KubeObject>();
  const places = new Map<string, string[]>();
  const contested = new Map<string, string[]>();
  for (const { object, source } of own.flatMap((file) => file.objects)) {
    const key = refKey(refOf(object));
    const before = objects.get(key);
    places.set(key, [...(places.get(key) ?? []), `${source.file}:${source.line}`]);
    if (before && canonicalJson(before) !== canonicalJson(object)) contested.set(key, places.get(key)!);
    if (!before) objects.set(key, object);
  }
  const present = new Set(objects.keys());
  for (const { object } of others.flatMap((file) => file.objects)) {
    const key = refKey(refOf(object));
    if (!objects.has(key) && !isV1(object)) objects.set(key, object);
  }
  return { files, objects: [...objects.values()], present, contested };
}

function rewritesFor(
  { objects, present, contested }: Scope,
  { loaded, scope: where }: Files,
  args: Args,
): { rewrites: Rewrites; findings: Finding[] } {
  // With -n those of it, and those that name none, as kubectl apply -n would take them.
  const namespace = text(args, 'namespace') ?? '';
  const inScope = (object: KubeObject) =>
    namespace === '' || !isConverted(object) || ['', namespace].includes(object.metadata.namespace ?? '');
  const inventory = inventoryOf(objects.filter(inScope), loaded, where);
  const { conversion } = decide(inventory, args, '');
  const free = (object: KubeObject) => !contested.has(refKey(refOf(object)));
  const rewrites = rewritesOf(
    conversion.units.filter(({ alpha }) => free(alpha)),
    objectsOf(inventory, MODEL).filter(free),
    present,
  );
  return { rewrites, findings: [...conversion.findings, ...contestedFindings(objects, contested)] };
}

// Routes, grants and policies are changed field by field; these become what the conversion made of the one or the other.
function isConverted(object: KubeObject): boolean {
  const { group, kind } = refOf(object);
  return group === ALPHA_GROUP && (kind === ALPHA_POOL.kind || kind === MODEL.kind);
}

function contestedFindings(
  objects: readonly KubeObject[],
  contested: ReadonlyMap<string, readonly string[]>,
): Finding[] {
  return objects
    .filter((object) => contested.has(refKey(refOf(object))) && isConverted(object))
    .map((object) => ({
      id: 'defined-twice-in-folder',
      severity: 'error',
      ref: refOf(object),
      field: '',
      message: `It is in ${contested.get(refKey(refOf(object)))!.join(' and ')}, and the two differ; a patch is not known from an object, so neither is changed.`,
      hint: 'Change these by hand, or take one of them out of the folder first.',
    }));
}

function readAgain({ file, digest }: ManifestFile): string {
  const { bytes } = readRegularFile(file.real);
  if (digestOf(bytes) === digest) return decodeText(bytes);
  throw new UserError(`Refused: ${file.path} was changed since it was read.`, {
    exitCode: EXIT.refused,
    hint: 'Run it again.',
  });
}

// Folders that are converted apart say the same of what they share.
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [canonicalJson(finding), finding])).values()];
}
