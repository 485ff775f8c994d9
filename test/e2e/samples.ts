// Objects that a test needs by themselves, without a stack behind them.
import type { KubeObject } from '../lab/kube.ts';
import type { PolicyRule } from '../lab/lab.ts';
import { ALPHA } from './support.ts';

export function alphaPool(namespace: string, name: string, spec: object = {}): KubeObject {
  return {
    apiVersion: ALPHA,
    kind: 'InferencePool',
    metadata: { namespace, name },
    spec: {
      selector: { app: 'vllm' },
      targetPortNumber: 8000,
      extensionRef: { name: `${name.slice(0, 40)}-epp` },
      ...spec,
    },
  };
}

export function model(namespace: string, name: string, pool: string, spec: object = {}): KubeObject {
  return {
    apiVersion: ALPHA,
    kind: 'InferenceModel',
    metadata: { namespace, name },
    spec: { modelName: name, poolRef: { name: pool }, ...spec },
  };
}

/**
 * Every kind that the commands look at, by API group, of those that a lab has installed. Istio's and Envoy's are not, and
 * that a user gets 403 for them all the same must not be taken for "could not read".
 */
const LOOKED_AT: Record<string, string[]> = {
  '': ['services', 'pods', 'namespaces'],
  apps: ['deployments'],
  'discovery.k8s.io': ['endpointslices'],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
  'inference.networking.x-k8s.io': ['inferencepools', 'inferencemodels', 'inferenceobjectives'],
  'inference.networking.k8s.io': ['inferencepools'],
  'gateway.networking.k8s.io': ['gateways', 'gatewayclasses', 'httproutes', 'grpcroutes', 'referencegrants'],
  'networking.gke.io': ['healthcheckpolicies', 'gcpbackendpolicies', 'gcptrafficdistributionpolicies'],
};

/** Rules of a user who may look at all of it, except these: `httproutes.gateway.networking.k8s.io`. */
export function readerBut(...kinds: string[]): PolicyRule[] {
  return Object.entries(LOOKED_AT).flatMap(([group, resources]) => {
    const allowed = resources.filter(
      (resource) => !kinds.includes(group ? `${resource}.${group}` : resource),
    );
    return allowed.length === 0
      ? []
      : [{ verbs: ['get', 'list', 'watch'], apiGroups: [group], resources: allowed }];
  });
}
