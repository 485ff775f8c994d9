import { createTwoFilesPatch } from 'diff';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { qualifiedRef, refOf } from '../api/ref.ts';
import { safe } from './text.ts';
import { toSortedYaml } from './yaml.ts';

/** Lines around a change: of a route a rule's matches should be among them. */
const CONTEXT = 6;

/**
 * What a person puts into the source of this object (Git, a chart's template): a unified diff of the fields that a source
 * holds, each line safe to print; '' when they are the same. Defaults of the API server are among them: nobody can tell
 * which fields the source leaves out.
 */
export function gitPatch(before: KubeObject, after: KubeObject): string {
  const [from, to] = [toSortedYaml(source(before)), toSortedYaml(source(after))];
  if (from === to) return '';
  const ref = refOf(after);
  const name = safe(`${ref.namespace === '' ? '' : `${ref.namespace}/`}${qualifiedRef(ref)}`);
  const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, from, to, undefined, undefined, {
    context: CONTEXT,
  });
  return patch
    .replace(/^=+\n/, '')
    .split('\n')
    .map((line) => safe(line.replace(/\t$/, '')))
    .join('\n');
}

const SERVER_META = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'ownerReferences',
  'finalizers',
]);

// Written by what applies the source, on the way. Options for those tools (sync-wave, prune, reconcile, hooks) are the
// source's own. What we remember for `rollback` is Git's history there.
const BOOKKEEPING = [
  /^kubectl\.kubernetes\.io\//,
  /^meta\.helm\.sh\//,
  /^argocd\.argoproj\.io\/(tracking-id|instance|refresh|installation-id)$/,
  /^(kustomize|helm)\.toolkit\.fluxcd\.io\/(name|namespace|checksum)$/,
  /^configmanagement\.gke\.io\/(?!managed$)/,
  /^configsync\.gke\.io\//,
  /^objectset\.rio\.cattle\.io\//,
  /^config\.k8s\.io\/owning-inventory$/,
  /^applyset\.kubernetes\.io\//,
  /^rollouts\.argoproj\.io\//,
  new RegExp(`^${ORIGINAL_REFS_ANNOTATION}$`),
];

function source(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).flatMap(([key, value]): [string, unknown][] => {
    if (SERVER_META.has(key)) return [];
    if (key !== 'labels' && key !== 'annotations') return [[key, value]];
    const own = peoplesEntries(value as Record<string, string>);
    return own.length === 0 ? [] : [[key, Object.fromEntries(own)]];
  });
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function peoplesEntries(values: Record<string, string>): [string, string][] {
  return Object.entries(values).filter(
    ([key, value]) =>
      !BOOKKEEPING.some((pattern) => pattern.test(key)) &&
      !(key === 'app.kubernetes.io/managed-by' && (value === 'Helm' || value === 'configmanagement.gke.io')),
  );
}
