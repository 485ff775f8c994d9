import type { KubeObject } from '../api/object.ts';
import type { Step, WaitStep } from '../api/plan.ts';
import { refOf } from '../api/ref.ts';
import { CLUSTER_ROLE, DEPLOYMENT, resourceOf, ROLE, SERVICE, type Resource } from '../api/resource.ts';
import { HELM_RIGHTS, type HelmRight } from './helm.ts';
import type { Target } from './permission.ts';

type Action = Exclude<Step['action'], 'helm' | 'wait'>;

/**
 * What carrying out a step asks of the API server. `apply` creates what is not there, and the server asks for both verbs;
 * a patch that met another writer reads again; a deletion is decided on what is there at that moment, and waited for.
 */
export const STEP_VERBS: Readonly<Record<Action, readonly string[]>> = {
  apply: ['create', 'patch'],
  crd: ['create', 'patch', 'list', 'watch'],
  patchRoute: ['get', 'patch'],
  patch: ['get', 'patch'],
  create: ['get', 'create'],
  delete: ['get', 'delete', 'list', 'watch'],
};

/** Waiting is a list of one, and a watch from there. */
export const WAIT_VERBS: readonly string[] = ['list', 'watch'];

/** A right that a plan needs, in one place. */
export interface Need {
  readonly verb: string;
  readonly resource: Target;
  /** '' for the whole cluster. */
  readonly namespace: string;
  /** '' for any. */
  readonly name: string;
  /** False where only helm and its chart know whether it is needed. */
  readonly certain: boolean;
  /** Holding this instead is as good: RBAC lets nobody hand on what they have not, but for those. */
  readonly or?: { readonly verb: string; readonly resource: Target };
}

/**
 * Every right that carrying out these steps needs, each once.
 * @param released what a helm release that is uninstalled takes along
 */
export function needsOf(steps: readonly Step[], released: readonly KubeObject[] = []): Need[] {
  const uninstalls = steps.some((step) => step.action === 'helm' && step.verb === 'uninstall');
  const needs = new Map<string, Need>();
  for (const need of [...steps.flatMap(needsOfStep), ...(uninstalls ? released.flatMap(removalNeeds) : [])]) {
    const key = JSON.stringify([
      need.verb,
      need.resource.group,
      need.resource.plural,
      need.namespace,
      need.name,
    ]);
    const known = needs.get(key);
    if (!known || (!known.certain && need.certain)) needs.set(key, need);
  }
  return [...needs.values()];
}

function needsOfStep(step: Step): Need[] {
  switch (step.action) {
    case 'helm':
      return helmNeeds(step);
    case 'wait':
      return waitNeeds(step);
    default: {
      const resource = resourceOf(step.ref.group, step.ref.kind);
      // Of a kind that we don't know, and that only a backup can hold, the server says itself what is forbidden.
      if (!resource) return [];
      const own = verbsOf(step).map((verb) =>
        need(verb, resource, step.ref.namespace, verb === 'create' ? '' : step.ref.name),
      );
      return step.action === 'create' ? [...own, ...grantNeeds(step.manifest, resource)] : own;
    }
  }
}

function verbsOf(step: Exclude<Step, { action: 'helm' | 'wait' }>): readonly string[] {
  const verbs = STEP_VERBS[step.action];
  if (step.action === 'crd' && step.onlyIfAbsent) return verbs.filter((verb) => verb !== 'patch');
  if ((step.action === 'crd' || step.action === 'apply') && step.live)
    return verbs.filter((verb) => verb !== 'create');
  return verbs;
}

function waitNeeds({ ref, condition }: WaitStep): Need[] {
  const resource = resourceOf(ref.group, ref.kind);
  if (!resource) return [];
  const waits = (target: Target, name: string) =>
    WAIT_VERBS.map((verb) => need(verb, target, ref.namespace, name));
  if (condition === 'poolReady')
    return [...waits(resource, ref.name), need('get', resource, ref.namespace, ref.name)];
  if (condition !== 'eppReady') return waits(resource, ref.name);
  return [...waits(resource, ref.name), ...waits(SERVICE, ''), ...waits(DEPLOYMENT, '')];
}

function helmNeeds(step: Extract<Step, { action: 'helm' }>): Need[] {
  const provider = /^provider\.name=(.*)$/;
  const named = step.args.flatMap((word) => provider.exec(word)?.[1] ?? []).at(-1) ?? '';
  return (
    HELM_RIGHTS[step.verb]
      .filter(({ permission, provider: only }) => permission.need === 'needed' && (!only || only === named))
      // What a release holds is known, and asked for object by object.
      .filter((right) => step.verb === 'install' || isHelms(right))
      .map((right) => ({
        ...need(right.permission.verb, right.permission.resource, step.namespace, ''),
        certain: isHelms(right),
        ...(right.or ? { or: right.or } : {}),
      }))
  );
}

interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

// What a role grants its maker must have, or be allowed to escalate.
function grantNeeds(manifest: KubeObject, role: Resource): Need[] {
  if (role !== ROLE && role !== CLUSTER_ROLE) return [];
  const namespace = manifest.metadata.namespace ?? '';
  const rules = (manifest['rules'] ?? []) as readonly PolicyRule[];
  return rules.flatMap(({ verbs = [], apiGroups = [], resources = [], resourceNames = [''] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((plural) =>
        verbs.flatMap((verb) =>
          resourceNames.map((name) => ({
            ...need(verb, { group, plural, namespaced: namespace !== '' }, namespace, name),
            or: { verb: 'escalate', resource: role },
          })),
        ),
      ),
    ),
  );
}

function removalNeeds(object: KubeObject): Need[] {
  const { group, kind, namespace, name } = refOf(object);
  const resource = resourceOf(group, kind);
  return resource ? ['get', 'delete'].map((verb) => need(verb, resource, namespace, name)) : [];
}

// What is in a release's own storage every helm does; what is in the chart, the chart says.
function isHelms({ permission }: HelmRight): boolean {
  return permission.resource.plural === 'secrets';
}

function need(verb: string, resource: Target, namespace: string, name: string): Need {
  return { verb, resource, namespace: resource.namespaced ? namespace : '', name, certain: true };
}
