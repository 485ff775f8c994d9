// What the demo looks at to know whether a step did what it should. By the lab's own client, not by ours.
import type { KubeObject } from '../../test/lab/kube.ts';
import { deploymentReady, gatewayProgrammed } from '../../test/lab/scenarios/wait.ts';
import type { Stage } from './stage.ts';

const ALPHA = 'inference.networking.x-k8s.io';
const V1 = 'inference.networking.k8s.io';

/** Names of the inference CRDs that are installed. */
export async function inferenceCrds({ lab }: Stage): Promise<string[]> {
  const crds = await lab.admin.list('apiextensions.k8s.io/v1', 'customresourcedefinitions');
  return crds
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.includes(V1) || name.includes(ALPHA));
}

export async function alphaNames({ lab }: Stage): Promise<string[]> {
  const kinds = ['inferencepools', 'inferencemodels'];
  const lists = await Promise.all(kinds.map((plural) => lab.admin.list(`${ALPHA}/v1alpha2`, plural)));
  return names(lists.flat());
}

export async function v1Pools({ lab }: Stage): Promise<string[]> {
  return names(await lab.admin.list(`${V1}/v1`, 'inferencepools'));
}

/** name → priority */
export async function priorities({ lab }: Stage): Promise<Record<string, number>> {
  const objectives = await lab.admin.list(`${ALPHA}/v1alpha2`, 'inferenceobjectives');
  return Object.fromEntries(
    objectives.map((object) => [object.metadata.name, object['spec'].priority as number]),
  );
}

export async function isReady({ lab }: Stage, deployment: string): Promise<boolean> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: deployment };
  const object = await lab.admin.get(ref);
  return object !== undefined && deploymentReady(object);
}

export async function isProgrammed({ lab, gateway }: Stage): Promise<boolean> {
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const object = await lab.admin.get({ apiVersion, kind: 'Gateway', namespace: 'default', name: gateway });
  return object !== undefined && gatewayProgrammed(object);
}

const names = (objects: KubeObject[]) => objects.map(({ metadata }) => metadata.name).sort();
