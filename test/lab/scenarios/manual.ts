// The manual's path B, done by hand: its own commands and its own YAML. Tests compare what our tool makes
// with what this leaves behind.
import type { Lab } from '../lab.ts';
import { chartDir, crdFiles } from '../parts/modules.ts';
import type { GieVersion } from '../parts/versions.ts';
import { ready } from './building-blocks.ts';
import { apply, helm, kubectl } from './commands.ts';
import { GATEWAY, ROUTE } from './preview.ts';

export interface Migration {
  namespace: string;
  /** the preview's Helm release and pool */
  preview: string;
  /** the new release and pool; `…-ga` */
  ga: string;
  /** label `app` of the model servers */
  app: string;
  release: GieVersion;
  /** the InferenceObjectives to make: name → priority */
  objectives: Record<string, number>;
}

/** For the models of the preview fixture: Critical 2, Standard and unset 0, Sheddable -1. */
export const objectives = { 'base-model': 2, 'food-review': 0, 'cad-fabricator': -1, 'tweet-summary': 0 };

export function migration(some: Partial<Migration> = {}): Migration {
  const preview = some.preview ?? 'vllm-llama3-8b-instruct-preview';
  return {
    namespace: 'default',
    preview,
    ga: preview.replace(/(-preview)?$/, '-ga'),
    app: 'vllm-llama3-8b-instruct',
    release: 'v1.0.0',
    objectives,
    ...some,
  };
}

/**
 * Side by side: CRDs, the new pool, the objectives.
 * @param ownsPoolCrd GKE from 1.34.0-gke.1626000 on, which brings the v1 pool's CRD itself
 */
export async function phase1(lab: Lab, by: Migration, ownsPoolCrd = false): Promise<void> {
  const files = await crdFiles('gie', by.release);
  const objectivesCrd = files.find((file) => file.endsWith('x-k8s.io_inferenceobjectives.yaml'))!;
  await kubectl(lab, ['apply', ...fileFlags(ownsPoolCrd ? [objectivesCrd] : files)]);
  const crds = [
    'inferencepools.inference.networking.k8s.io',
    'inferenceobjectives.inference.networking.x-k8s.io',
  ];
  await kubectl(lab, ['wait', '--for=condition=Established', ...crds.map((name) => `crd/${name}`)]);

  const chart = await chartDir(by.release);
  const values = [`inferencePool.modelServers.matchLabels.app=${by.app}`, 'provider.name=gke'];
  const sets = values.flatMap((value) => ['--set', value]);
  await helm(lab, ['install', by.ga, ...sets, chart, '--namespace', by.namespace]);
  await apply(lab, objectivesYaml(by), by.namespace);
  await ready(lab, by.namespace, { deployments: [`${by.ga}-epp`] });
}

function objectivesYaml(by: Migration): string {
  const objects = Object.entries(by.objectives).map(
    ([name, priority]) => `
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferenceObjective
metadata:
  name: ${name}
spec:
  priority: ${priority}
  poolRef:
    group: inference.networking.k8s.io
    name: ${by.ga}
`,
  );
  return objects.join('---');
}

/** Half of the traffic for each pool. */
export async function phase2(lab: Lab, by: Migration): Promise<void> {
  await applyRoute(
    lab,
    by,
    `
        - group: inference.networking.x-k8s.io
          kind: InferencePool
          name: ${by.preview}
          weight: 50
        - group: inference.networking.k8s.io
          kind: InferencePool
          name: ${by.ga}
          weight: 50`,
  );
}

/** All of it for the new one. */
export async function phase3(lab: Lab, by: Migration): Promise<void> {
  await applyRoute(
    lab,
    by,
    `
        - group: inference.networking.k8s.io
          kind: InferencePool
          name: ${by.ga}
          weight: 100`,
  );
}

async function applyRoute(lab: Lab, { namespace }: Migration, backendRefs: string): Promise<void> {
  await apply(
    lab,
    `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${ROUTE}
spec:
  parentRefs:
    - group: gateway.networking.k8s.io
      kind: Gateway
      name: ${GATEWAY}
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /
      backendRefs:${backendRefs}
`,
    namespace,
  );
  await ready(lab, namespace, { route: ROUTE, gateway: GATEWAY });
}

/** What remains of v1alpha2: the release, the models, and, when `crds` is set, the alpha CRDs. */
export async function cleanup(lab: Lab, by: Migration, { crds = true } = {}): Promise<void> {
  await helm(lab, ['uninstall', by.preview, '--namespace', by.namespace]);
  const models = 'inferencemodels.inference.networking.x-k8s.io';
  await kubectl(lab, ['delete', models, '--all', '--namespace', by.namespace]);
  if (!crds) return;
  await kubectl(lab, ['delete', ...fileFlags(await crdFiles('gie', 'v0.3.0'))]);
}

/** A release's `manifests.yaml`, as the files it is made of. */
const fileFlags = (files: string[]) => files.flatMap((file) => ['-f', file]);
