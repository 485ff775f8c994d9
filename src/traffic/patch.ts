import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { JsonPatchOperation, PatchStep } from '../api/plan.ts';
import { refOf } from '../api/ref.ts';
import { rulesOf } from '../inventory/backendRefs.ts';
import { canonicalJson } from '../api/json.ts';
import type { RouteChange } from './split.ts';

/**
 * The step that makes the change: the backendRefs and filters of the rules that differ, and our annotation, nothing else. Replacing
 * resourceVersion by the one that was read makes the server refuse (409) if anyone wrote in between.
 */
export function patchStep(change: Pick<RouteChange, 'route' | 'after'>, reason: string): PatchStep {
  const { route, after } = change;
  const resourceVersion = route.metadata.resourceVersion ?? '';
  const patch: JsonPatchOperation[] = [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
  const before = rulesOf(route);
  for (const [index, rule] of rulesOf(after).entries()) {
    if (canonicalJson(rule.backendRefs) !== canonicalJson(before[index]?.backendRefs))
      patch.push({ op: 'replace', path: `/spec/rules/${index}/backendRefs`, value: rule.backendRefs });
    patch.push(...filterPatch(`/spec/rules/${index}/filters`, before[index]?.filters, rule.filters));
  }
  patch.push(...annotationPatch(route.metadata.annotations, after.metadata.annotations));
  return { action: 'patchRoute', ref: refOf(route), reason, resourceVersion, patch, before: route, after };
}

function filterPatch(
  path: string,
  before: unknown[] | undefined,
  after: unknown[] | undefined,
): JsonPatchOperation[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  return [{ op: before ? 'replace' : 'add', path, value: after }];
}

type Annotations = Record<string, string> | undefined;

function annotationPatch(before: Annotations, after: Annotations): JsonPatchOperation[] {
  const was = before?.[ORIGINAL_REFS_ANNOTATION];
  const is = after?.[ORIGINAL_REFS_ANNOTATION];
  if (was === is) return [];
  // RFC 6901: a slash in a key is ~1.
  const path = `/metadata/annotations/${ORIGINAL_REFS_ANNOTATION.replace('/', '~1')}`;
  if (is === undefined) return [{ op: 'remove', path: after ? path : '/metadata/annotations' }];
  if (!before)
    return [{ op: 'add', path: '/metadata/annotations', value: { [ORIGINAL_REFS_ANNOTATION]: is } }];
  return [{ op: 'add', path, value: is }];
}
