import type { CheckPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const group = 'InferencePool';
const DESCRIBE = '$ kubectl describe -n NAMESPACE inferencepools.inference.networking.k8s.io/POOL';
const TYPES = gie('v1.0.0', 'api/v1/inferencepool_types.go');

export const POOL_PAGES = {
  'pool-found': {
    group,
    title: 'The pool is there',
    means: 'The v1 pool exists (or the alpha one, where there is no v1 pool yet).',
    known: 'The pools of both groups are listed.',
    matters: 'A route that names a pool which is not there answers 500.',
    cure: ['Create it:', '$ kubectl infpool convert POOL -n NAMESPACE --apply'],
    sources: [TYPES],
  },
  'pool-accepted': {
    group,
    title: 'The Gateway has accepted the pool',
    means:
      'status.parents of the pool has an entry for the Gateway with Accepted=True. While no route names the pool there is none, so that the check is skipped; kgateway before 2.2 never writes one, so that it is unknown.',
    known:
      'status.parents of the pool (status.parent in v1alpha2; an entry "default" there comes from the CRD and is nobody\'s).',
    matters:
      'NotSupportedByParent: the controller does not serve this group. HTTPRouteNotAccepted: the route is what is wrong.',
    cure: ['Read reason and message:', DESCRIBE, '$ kubectl infpool detect -o wide'],
    sources: [TYPES, gie('v1.0.0', 'conformance/tests/inferencepool_accepted.go')],
  },
  'pool-refs-resolved': {
    group,
    title: "The Gateway has found the pool's endpoint picker",
    means: 'ResolvedRefs=True in status.parents of the pool.',
    known: 'status.parents of the pool.',
    matters:
      'InvalidExtensionRef: the Service of the picker is not there, or is of another kind. Requests fail.',
    cure: [
      'See which Service is named, and which there are:',
      DESCRIBE,
      '$ kubectl get services -n NAMESPACE',
    ],
    sources: [TYPES, gie('v1.0.0', 'conformance/tests/inferencepool_resolvedrefs_condition.go')],
  },
  'pool-current': {
    group,
    title: 'The status of the pool is about the pool as it is now',
    means: 'observedGeneration of the conditions is the generation of the object.',
    known: 'The two numbers are compared, for each parent. The check is there only when it fails.',
    matters: 'An old True says nothing about the last change.',
    cure: ['Wait for the controller:', '$ kubectl infpool verify POOL -n NAMESPACE --wait --timeout 5m'],
    sources: [TYPES],
  },
  'pods-match': {
    group: 'Model servers',
    title: 'The pool selects pods',
    means: 'At least one pod of the namespace has all labels of the selector.',
    known: 'Pods of the namespace are listed and compared with the selector of the pool.',
    matters: 'A pool without pods has nowhere to send requests: 503.',
    cure: [
      'Compare the labels with the selector; the usual cause is a label that the deployment of the servers gave up:',
      '$ kubectl get pods -n NAMESPACE --show-labels',
      '$ kubectl edit -n NAMESPACE inferencepools.inference.networking.k8s.io/POOL',
    ],
    sources: [TYPES],
  },
  'pods-ready': {
    group: 'Model servers',
    title: 'A model server is ready',
    means: 'At least one of the selected pods is Ready.',
    known: 'status.conditions of the pods.',
    matters: 'The endpoint picker picks ready pods only. A model that is being loaded can take many minutes.',
    cure: [
      'See why they are not:',
      '$ kubectl describe pods -n NAMESPACE -l LABEL=VALUE',
      '$ kubectl infpool verify POOL -n NAMESPACE --wait --timeout 15m',
    ],
    sources: [TYPES],
  },
} satisfies CheckPages;
