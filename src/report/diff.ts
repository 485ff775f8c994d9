import { createTwoFilesPatch } from 'diff';
import type { KubeObject } from '../api/object.ts';
import type { Plan, Step } from '../api/plan.ts';
import { qualifiedRef, type Ref } from '../api/ref.ts';
import { stepText } from './plan.ts';
import { safe } from './text.ts';
import { toSortedYaml } from './yaml.ts';

/** What the plan would change, as a unified diff; '' when nothing. Steps that helm takes are comments. */
export function planDiff(plan: Plan): string {
  return plan.steps.map(stepDiff).join('');
}

/** What one step would change; the same. */
export function stepDiff(step: Step): string {
  switch (step.action) {
    case 'patchRoute':
    case 'patch':
      return objectDiff(step.ref, step.before, step.after);
    case 'apply':
    case 'crd':
      return objectDiff(step.ref, step.live, merged(step.live, step.manifest));
    case 'create':
      return objectDiff(step.ref, null, step.manifest);
    case 'delete':
      return objectDiff(step.ref, step.before, null);
    case 'helm':
      return `# ${safe(stepText(step))}\n`;
    case 'wait':
      return '';
  }
}

function objectDiff(ref: Ref, before: KubeObject | null, after: KubeObject | null): string {
  const [from, to] = [before ? toSortedYaml(shown(before)) : '', after ? toSortedYaml(shown(after)) : ''];
  if (from === to) return '';
  const name = safe(`${ref.namespace === '' ? '' : `${ref.namespace}/`}${qualifiedRef(ref)}`);
  const patch = createTwoFilesPatch(
    before ? `a/${name}` : '/dev/null',
    after ? `b/${name}` : '/dev/null',
    from,
    to,
  );
  return patch.replace(/^=+\n/, '').replace(/\t(\n|$)/g, '$1');
}

// Bookkeeping and status would drown what is meant.
function shown(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const {
    managedFields: _fields,
    resourceVersion: _version,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _time,
    ...kept
  } = metadata;
  return { ...rest, metadata: kept };
}

// Server-side apply of a part: what the object looks like with it.
function merged(live: KubeObject | null, manifest: KubeObject): KubeObject {
  if (!live) return manifest;
  return deepMerge(live, manifest) as KubeObject;
}

function deepMerge(live: unknown, part: unknown): unknown {
  if (!isObject(live) || !isObject(part)) return part;
  // By entries, so that a key like __proto__ is one like the others.
  const merged = Object.entries(part).map(([key, value]): [string, unknown] => [
    key,
    deepMerge(Object.hasOwn(live, key) ? live[key] : undefined, value),
  ]);
  return Object.fromEntries([...Object.entries(live), ...merged]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
