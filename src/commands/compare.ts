import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import { covers } from '../api/covers.ts';
import type { Inventory } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { compareRefs, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, MODEL, qualifiedName, resourceOf } from '../api/resource.ts';
import { referencesOf } from '../inventory/references.ts';
import { markdownRow, markdownText } from '../report/markdown.ts';
import { table } from '../report/table.ts';
import type { Flags } from './command.ts';

export const compareFlags: Flags = {
  compare: {
    type: 'boolean',
    describe: 'With -f: what of v1alpha2 the cluster has and the files do not, and the other way round',
  },
};

/** What is in the files against what is live, of v1alpha2 and of what points at it. Each list is in a stable order. */
export interface Comparison {
  readonly onlyInCluster: readonly Ref[];
  readonly onlyInFiles: readonly Ref[];
  /** A field that a file gives has another value in the cluster, or is not there. */
  readonly different: readonly Ref[];
  readonly same: readonly Ref[];
  /** In the files; whether the cluster has them could not be read. */
  readonly unknown: readonly Ref[];
}

/**
 * Compares by group, kind, namespace and name. A file's object without a namespace is that of `namespace`, or else the only
 * live one of its kind and name. With `confined` only objects of `namespace` are looked at, since no others were read.
 */
export function compareWithCluster(
  files: readonly KubeObject[],
  live: Inventory,
  { namespace, confined }: { namespace: string; confined: boolean },
): Comparison {
  const all = [...live.objects.values()];
  const byName = Map.groupBy(all, (object) => nameKey(refOf(object)));
  const found = new Map<string, Ref[]>();
  const put = (list: keyof Comparison, ref: Ref) => found.set(list, [...(found.get(list) ?? []), ref]);
  const unread = new Set(live.unread.map(({ resource }) => resource));
  const inFiles = new Set<string>();

  for (const object of files) {
    const given = refOf(object);
    const match = matchOf(given, namespace, live, byName);
    const ref = match ? refOf(match) : placed(given, namespace);
    if (confined && ref.namespace !== namespace) continue;
    inFiles.add(refKey(ref));
    if (!isOfAlpha(object) && !(match && isOfAlpha(match))) continue;
    if (match) put(covers(match['spec'], object['spec'] ?? {}) ? 'same' : 'different', ref);
    else put(unread.has(nameOfKind(ref)) ? 'unknown' : 'onlyInFiles', ref);
  }
  for (const object of all)
    if (isOfAlpha(object) && !inFiles.has(refKey(refOf(object)))) put('onlyInCluster', refOf(object));

  const list = (name: keyof Comparison) => (found.get(name) ?? []).sort(compareRefs);
  return {
    onlyInCluster: list('onlyInCluster'),
    onlyInFiles: list('onlyInFiles'),
    different: list('different'),
    same: list('same'),
    unknown: list('unknown'),
  };
}

/** An alpha pool, an InferenceModel, or something that points at alpha pools. */
function isOfAlpha(object: KubeObject): boolean {
  const { group, kind } = refOf(object);
  if (group === ALPHA_GROUP && (kind === ALPHA_POOL.kind || kind === MODEL.kind)) return true;
  return referencesOf(object).some(({ pool }) => pool.group === ALPHA_GROUP);
}

function matchOf(
  given: Ref,
  namespace: string,
  live: Inventory,
  byName: ReadonlyMap<string, readonly KubeObject[]>,
): KubeObject | undefined {
  const exact = live.objects.get(refKey(placed(given, namespace)));
  if (exact || given.namespace !== '') return exact;
  const namesakes = byName.get(nameKey(given)) ?? [];
  return namesakes.length === 1 ? namesakes[0] : undefined;
}

function placed(given: Ref, namespace: string): Ref {
  const namespaced = resourceOf(given.group, given.kind)?.namespaced ?? true;
  return namespaced && given.namespace === '' ? { ...given, namespace } : given;
}

function nameKey({ group, kind, name }: Ref): string {
  return JSON.stringify([group, kind, name]);
}

function nameOfKind({ group, kind }: Ref): string {
  const resource = resourceOf(group, kind);
  return resource ? qualifiedName(resource) : '';
}

const STATES: readonly (readonly [keyof Comparison, string])[] = [
  ['onlyInCluster', 'only in the cluster'],
  ['onlyInFiles', 'only in the files'],
  ['different', 'different'],
  ['unknown', 'could not check'],
  ['same', 'the same'],
];

export function comparisonTable(comparison: Comparison, width = Infinity): string {
  const rows = rowsOf(comparison);
  return rows.length === 0 ? '' : table(HEAD, rows, width);
}

export function comparisonMarkdown(comparison: Comparison): string {
  const lines = rowsOf(comparison).map((row) => markdownRow(row.map(markdownText)));
  return ['', markdownRow(HEAD), `|${HEAD.map(() => '---').join('|')}|`, ...lines, ''].join('\n');
}

const HEAD = ['Files and cluster', 'Namespace', 'Kind', 'Name'];

function rowsOf(comparison: Comparison): string[][] {
  return STATES.flatMap(([state, words]) =>
    comparison[state].map((ref) => [words, ref.namespace, nameOfKind(ref) || ref.kind, ref.name]),
  );
}

/** For people. That nothing is missing is only said where everything could be read. */
export function comparisonText(comparison: Comparison, complete: boolean): string {
  const parts = STATES.filter(([state]) => comparison[state].length > 0).map(
    ([state, words]) => `${comparison[state].length} ${words}`,
  );
  const lines = [
    `Files and cluster: ${parts.length > 0 ? parts.join(', ') : 'neither has anything of v1alpha2 that was found'}.`,
  ];
  if (comparison.onlyInCluster.length > 0)
    lines.push(
      'What is only in the cluster is not migrated by changing the files: find out who made it, and add it or delete it.',
    );
  if (!complete) lines.push('Not all could be read: there may be more that the files lack.');
  else if (comparison.onlyInCluster.length === 0 && comparison.different.length === 0)
    lines.push('The files have everything of v1alpha2 that the cluster has.');
  return `${lines.join('\n')}\n`;
}

/** 4 where the cluster or the files could not be read in full; with `--exit-code` 2 where the files lack something. */
export function comparisonExit(comparison: Comparison, complete: boolean, exitCode: boolean): ExitCode {
  if (!complete) return EXIT.incomplete;
  const lacking = comparison.onlyInCluster.length + comparison.different.length;
  return exitCode && lacking > 0 ? EXIT.findings : EXIT.ok;
}

export function refuseCompareWithoutFiles(): never {
  throw new UserError('--compare needs the files to compare with the cluster: -f is missing.', {
    hint: 'As in: kubectl infpool detect -f deploy/ -R --compare',
  });
}
