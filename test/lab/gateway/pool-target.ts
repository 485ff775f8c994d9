// What an InferencePool comes to: its ready pods and its picker's rules for models, or why it can't serve.
import type { KubeObject } from '../kube.ts';
import { loopbackOf } from '../kubelet/addresses.ts';
import { findPicker, pickerEndpoints, pickerRef } from './picker.ts';
import { targetRefs } from './policy-status.ts';
import type { Endpoint, ModelRules, Target } from './routing.ts';
import { ALPHA, groupOf, hasLabels, type Behaviour, type World } from './world.ts';

export function poolTarget(world: World, played: Behaviour, pool: KubeObject, label: string): Target {
  if (played.healthChecks && !healthChecked(world, pool))
    return {
      label,
      status: 503,
      problem: 'unhealthy: model servers answer the default health check, GET /, with 404',
    };
  if (played.pickers === 'real') {
    const picker = { endpoints: pickerEndpoints(world, pool), failOpen: pickerRef(pool).failOpen };
    return { label, endpoints: poolEndpoints(world, pool), picker };
  }
  const picker = findPicker(world, pool);
  const broken = 'problem' in picker;
  if (broken && !(picker.canFailOpen && pickerRef(pool).failOpen))
    return { label, status: picker.status, problem: picker.problem };
  const endpoints = poolEndpoints(world, pool);
  if (endpoints.length === 0) return { label, status: 503, problem: 'no ready pod matches the selector' };
  return broken
    ? { label, endpoints }
    : { label, endpoints, models: modelRules(world, pool, picker.version) };
}

function targetPortOf(pool: KubeObject): number {
  return groupOf(pool) === ALPHA ? pool['spec'].targetPortNumber : pool['spec'].targetPorts[0].number;
}

function poolEndpoints(world: World, pool: KubeObject): Endpoint[] {
  const { selector } = pool['spec'];
  const labels = (groupOf(pool) === ALPHA ? selector : selector.matchLabels) as Record<string, string>;
  return world.pods
    .filter((pod) => pod.metadata.namespace === pool.metadata.namespace && hasLabels(pod, labels))
    .filter((pod) => !pod.metadata['deletionTimestamp'] && isReady(pod))
    .map((pod) => ({
      pod: pod.metadata.name,
      address: loopbackOf(pod['status'].podIP as string),
      port: targetPortOf(pool),
    }));
}

function isReady(pod: KubeObject): boolean {
  const conditions = (pod['status']?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Whether a HealthCheckPolicy points this very pool's probe at something that model servers answer. */
function healthChecked(world: World, pool: KubeObject): boolean {
  const answered = ['/health', '/v1/models', '/metrics'];
  return world.healthCheckPolicies.some((policy) => {
    if (policy.metadata.namespace !== pool.metadata.namespace) return false;
    const check = policy['spec'].default?.config?.httpHealthCheck ?? {};
    return (
      targetRefs(policy).some(
        ({ group, kind, name }) =>
          group === groupOf(pool) && kind === 'InferencePool' && name === pool.metadata.name,
      ) &&
      answered.includes(check.requestPath) &&
      (check.port === undefined || check.port === targetPortOf(pool))
    );
  });
}

function modelRules(world: World, pool: KubeObject, [major, minor]: [number, number]): ModelRules {
  const { name, namespace } = pool.metadata;
  const here = (objects: KubeObject[]) =>
    objects.filter(
      (object) => object.metadata.namespace === namespace && object['spec'].poolRef.name === name,
    );

  if (groupOf(pool) === ALPHA && major === 0) {
    // An alpha picker looks at the pool's name only, whatever group poolRef says.
    const targets = here(world.models).map(({ spec }): [string, WeightedName[]] => [
      spec.modelName,
      (spec.targetModels ?? []).map((target: Partial<WeightedName>) => ({ weight: 1, ...target })),
    ]);
    return { targets: new Map(targets), refuseUnknown: minor < 5 };
  }
  const rewriteHeader = 'x-gateway-model-name-rewrite';
  // Pickers read InferenceModelRewrites from v1.3 on.
  if (major < 1 || (major === 1 && minor < 3))
    return { targets: new Map(), refuseUnknown: false, rewriteHeader };
  const rules = here(world.rewrites).flatMap(({ spec }) => (spec.rules ?? []) as RewriteRule[]);
  const targets = rules.flatMap((rule) =>
    (rule.matches ?? []).map(({ model }): [string, WeightedName[]] => [
      model.value,
      (rule.targets ?? []).map(({ modelRewrite, weight = 1 }) => ({ name: modelRewrite, weight })),
    ]),
  );
  return { targets: new Map(targets), refuseUnknown: false, rewriteHeader };
}

interface WeightedName {
  name: string;
  weight: number;
}

interface RewriteRule {
  matches?: { model: { value: string } }[];
  targets?: { modelRewrite: string; weight?: number }[];
}
