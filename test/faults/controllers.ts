// Of the controllers what commands wait for: Deployments become ready and their deletion ends, Gateways report on pools.
import type { Json, Kube, KubeObject } from '../lab/kube.ts';
import { V1 } from '../e2e/support.ts';

/** Greater than any generation here gets, so that nothing has to be played again when a command changes an object. */
const UP_TO_DATE = 1_000_000;

/** @returns what ends it */
export function playControllers(kube: Kube): () => void {
  const abort = new AbortController();
  const gone = () => undefined;
  const follow = (
    apiVersion: string,
    plural: string,
    act: (object: KubeObject) => Promise<unknown> | undefined,
  ) =>
    void kube
      .watch(
        apiVersion,
        plural,
        (type, object) => void (type !== 'DELETED' && act(object)?.catch(gone)),
        abort.signal,
      )
      .catch(gone);
  const report = (object: KubeObject, status: Json) => {
    const { name, namespace = '' } = object.metadata;
    const ref = { apiVersion: object.apiVersion, kind: object.kind, name, namespace };
    return kube.applyStatus({ ...ref, metadata: object.metadata, status });
  };
  follow('apps/v1', 'deployments', (object) => {
    const { finalizers, deletionTimestamp, name, namespace = '' } = object.metadata;
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name, namespace };
    if (deletionTimestamp !== undefined && finalizers)
      return kube.mergePatch(ref, { metadata: { finalizers: null } });
    return object['status']?.observedGeneration === undefined ? report(object, READY) : undefined;
  });
  follow(V1, 'inferencepools', (object) =>
    object['status']?.parents === undefined
      ? report(object, acceptedIn(object.metadata.namespace))
      : undefined,
  );
  return () => abort.abort();
}

const READY = {
  observedGeneration: UP_TO_DATE,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
};

function acceptedIn(namespace: string | undefined): Json {
  const gateway = {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    name: 'inference-gateway',
    namespace,
  };
  const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    observedGeneration: UP_TO_DATE,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
  return { parents: [{ parentRef: gateway, conditions }] };
}
