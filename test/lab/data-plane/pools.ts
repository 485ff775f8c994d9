// For specs: v1 pools beside the preview, as the chart makes them, and routes that lead to them.
import type { KubeObject } from '../kube.ts';
import type { Lab } from '../lab.ts';
import { chartDir } from '../parts/modules.ts';
import type { GieVersion } from '../parts/versions.ts';
import { helm } from '../scenarios/commands.ts';
import { fixtureNames } from '../scenarios/fixtures.ts';
import { GATEWAY, ROUTE } from '../scenarios/preview.ts';
import { routeAccepted, waitFor } from '../scenarios/wait.ts';

export const ALPHA_GROUP = 'inference.networking.x-k8s.io';
export const V1_GROUP = 'inference.networking.k8s.io';

/** Installs upstream's chart; doesn't wait for anything. @param values as for `helm --set` */
export async function installPool(
  lab: Lab,
  name: string,
  release: GieVersion = 'v1.0.0',
  values: string[] = [],
): Promise<void> {
  const all = [
    `inferencePool.modelServers.matchLabels.app=${fixtureNames.app}`,
    'inferencePool.targetPorts[0].number=8000',
    'inferencePool.targetPortNumber=8000',
    'provider.name=gke',
    ...values,
  ];
  const sets = all.flatMap((value) => ['--set', value]);
  await helm(lab, ['install', name, await chartDir(release), '--namespace', 'default', ...sets]);
}

/** A request header with this name and a pool's name leads to that pool, by a rule of its own. */
export const POOL_HEADER = 'x-test-pool';

export const backend = (group: string, name: string, weight = 1) => ({
  group,
  kind: 'InferencePool',
  name,
  weight,
});

/** Makes the route lead to the preview pool, and to each of these v1 pools by POOL_HEADER. */
export async function routeTo(lab: Lab, pools: { name: string; filters?: object[] }[]): Promise<void> {
  await setRules(lab, [
    { backendRefs: [backend(ALPHA_GROUP, fixtureNames.release)] },
    ...pools.map(({ name, filters = [] }) => ({
      matches: [{ headers: [{ name: POOL_HEADER, value: name }] }],
      filters,
      backendRefs: [backend(V1_GROUP, name)],
    })),
  ]);
}

/** Replaces the route's rules and waits until the controller has seen them and finds them good. */
export async function setRules(lab: Lab, rules: object[]): Promise<void> {
  const { metadata } = await applyRules(lab, rules);
  const seen = (it: KubeObject) => it.metadata['generation'] === metadata['generation'] && routeAccepted(it);
  await waitFor(lab.admin, { apiVersion: routes, kind: 'HTTPRoute', name: ROUTE }, seen);
}

const routes = 'gateway.networking.k8s.io/v1';

export function applyRules(lab: Lab, rules: object[]): Promise<KubeObject> {
  return lab.admin.apply({
    apiVersion: routes,
    kind: 'HTTPRoute',
    metadata: { name: ROUTE, namespace: 'default' },
    spec: { parentRefs: [{ name: GATEWAY }], rules },
  });
}
