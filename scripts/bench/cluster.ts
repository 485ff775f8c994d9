// A cluster of some size, made in seconds: objects only, nothing runs behind them.
import type { KubeObject } from '../../test/lab/kube.ts';
import type { Lab } from '../../test/lab/lab.ts';
import { installGkeCrds } from '../../test/lab/scenarios/building-blocks.ts';

export interface Size {
  namespaces: number;
  pools: number;
  models: number;
  routes: number;
}

const AT_ONCE = 8;

/** A preview on GKE, before any migration: alpha CRDs only, one Gateway a namespace. */
export async function fill(lab: Lab, size: Size): Promise<void> {
  await lab.installCrds(['gateway-api', 'gie-v0.3.0']);
  await installGkeCrds(lab.admin);
  const inNamespace = (index: number) => `team-${index % size.namespaces}`;
  const each = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));
  await applyAll(
    lab,
    each(size.namespaces, (i) => object('v1', 'Namespace', '', inNamespace(i), {})),
  );
  await applyAll(lab, [
    object('gateway.networking.k8s.io/v1', 'GatewayClass', '', 'gke-l7-rilb', {
      spec: { controllerName: 'networking.gke.io/gateway' },
    }),
    ...each(size.namespaces, (i) => gateway(inNamespace(i))),
    ...each(size.pools, (i) => pool(inNamespace(i), `pool-${i}`)),
    ...each(size.routes, (i) => route(inNamespace(i), `route-${i}`, `pool-${i % size.pools}`)),
    ...each(size.models, (i) => model(inNamespace(i % size.pools), `model-${i}`, `pool-${i % size.pools}`)),
  ]);
}

async function applyAll(lab: Lab, objects: KubeObject[]): Promise<void> {
  const queue = objects.values();
  const worker = async () => {
    for (const next of queue) await lab.admin.apply(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function object(apiVersion: string, kind: string, namespace: string, name: string, rest: object): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === '' ? {} : { namespace }) }, ...rest };
}

const ALPHA = 'inference.networking.x-k8s.io/v1alpha2';

const gateway = (namespace: string) =>
  object('gateway.networking.k8s.io/v1', 'Gateway', namespace, 'inference-gateway', {
    spec: {
      gatewayClassName: 'gke-l7-rilb',
      listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }],
    },
  });

const pool = (namespace: string, name: string) =>
  object(ALPHA, 'InferencePool', namespace, name, {
    spec: { selector: { app: name }, targetPortNumber: 8000, extensionRef: { name: `${name}-epp` } },
  });

const criticalities = ['Critical', 'Standard', 'Sheddable'];

const model = (namespace: string, name: string, poolName: string) =>
  object(ALPHA, 'InferenceModel', namespace, name, {
    spec: {
      modelName: `example/${name}`,
      criticality: criticalities[name.length % 3],
      poolRef: { name: poolName },
    },
  });

const route = (namespace: string, name: string, poolName: string) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', namespace, name, {
    spec: {
      parentRefs: [{ name: 'inference-gateway' }],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }],
          backendRefs: [{ group: 'inference.networking.x-k8s.io', kind: 'InferencePool', name: poolName }],
        },
      ],
    },
  });

/** The v1 counterparts, named as we would name them, and marked as such. */
export async function v1Pools(lab: Lab, size: Size): Promise<void> {
  await lab.installCrds(['gie-v1.0.0']);
  await applyAll(
    lab,
    Array.from({ length: size.pools }, (_, index) => ({
      ...object(
        'inference.networking.k8s.io/v1',
        'InferencePool',
        `team-${index % size.namespaces}`,
        `pool-${index}-ga`,
        {
          spec: {
            selector: { matchLabels: { app: `pool-${index}` } },
            targetPorts: [{ number: 8000 }],
            endpointPickerRef: { name: `pool-${index}-ga-epp`, port: { number: 9002 } },
          },
        },
      ),
    })),
  );
}
