// The CRDs that a command installs or deletes. They are everybody's: while they come and go, only one ground may stand.
import { crdsOf, install } from '../lab/control-plane/crds.ts';
import type { Kube, KubeObject } from '../lab/kube.ts';
import { until } from '../lab/scenarios/wait.ts';

const OLD = [
  'inferencepools.inference.networking.x-k8s.io',
  'inferencemodels.inference.networking.x-k8s.io',
] as const;
export const OF_V1 = 'inferencepools.inference.networking.k8s.io';
const API = 'apiextensions.k8s.io/v1';

/** Installs what is missing, and deletes those that are to be absent. */
export async function putDefinitions(kube: Kube, absent: readonly string[]): Promise<void> {
  const now = await definitions(kube);
  const all = [...(await crdsOf('gie-v0.3.0')), ...(await crdsOf('gie-v1.0.0'))];
  for (const name of [...OLD, OF_V1]) {
    const ref = { apiVersion: API, kind: 'CustomResourceDefinition', name };
    // One that is on its way out still answers.
    if (absent.includes(name) || now.get(name) === GOING) await kube.delete(ref);
    const crd = all.findLast(({ metadata }) => metadata.name === name)!;
    if (!absent.includes(name) && now.get(name) !== THERE) await install(kube, crd);
  }
}

const THERE = 'there';
const GOING = 'on its way out';

/** Which of them there are, once the API server has taken away what somebody deleted. */
export async function settledDefinitions(kube: Kube): Promise<Map<string, string>> {
  return until('the deleted CRDs to be gone', async () => {
    const now = await definitions(kube);
    return ![...now.values()].includes(GOING) && now;
  });
}

/** Which of them there are. */
async function definitions(kube: Kube): Promise<Map<string, string>> {
  const found = await kube.list(API, 'customresourcedefinitions');
  const ours = found.filter(({ metadata }) => [...OLD, OF_V1].some((name) => name === metadata.name));
  const stateOf = ({ metadata }: KubeObject) => (metadata['deletionTimestamp'] === undefined ? THERE : GOING);
  return new Map(ours.map((crd) => [crd.metadata.name, stateOf(crd)]));
}
