import type { CheckPages } from '../api/page.ts';
import { EXT_PROC, gie, GKE_MIGRATION } from '../api/sources.ts';

const group = 'Endpoint picker';
const PROTOCOL = gie('v1.0.0', 'docs/proposals/004-endpoint-picker-protocol/README.md');
const TEMPLATE = gie('v1.0.0', 'config/charts/inferencepool/templates/epp-deployment.yaml');
const EDIT = '$ kubectl edit -n NAMESPACE deployments.apps/NAME';

export const EPP_PAGES = {
  'epp-service-found': {
    group,
    title: "The Service of the pool's endpoint picker is there",
    means: 'endpointPickerRef (extensionRef in v1alpha2) of the pool names a Service that exists.',
    known: 'Services of the namespace are listed.',
    matters:
      'Without its picker every request to the pool fails (FailClose), or goes to any server (FailOpen).',
    cure: [
      'Let the chart bring it:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
      'Or let the pool name one that is there:',
      '$ kubectl get services -n NAMESPACE',
    ],
    sources: [PROTOCOL],
  },
  'epp-deployment-found': {
    group,
    title: 'It is known what runs the endpoint picker',
    means:
      'A Deployment has the pods that the Service selects. The check is there only when there is none, and then unknown.',
    known: "The Service's selector is compared with the Deployments of the namespace.",
    matters:
      'Where the picker runs as something else its arguments cannot be checked: whether it serves this pool is then not known.',
    cure: [
      'See what has the pods, and check its --pool-name and --pool-group by hand:',
      '$ kubectl get pods -n NAMESPACE -o wide --show-labels',
      'A real request tells as well:',
      '$ kubectl infpool verify POOL -n NAMESPACE --probes 5',
    ],
    sources: [PROTOCOL],
  },
  'epp-deployment-ready': {
    group,
    title: 'The endpoint picker runs',
    means: 'Its Deployment has a ready replica, of the spec as it is now.',
    known: 'status of the Deployment.',
    matters:
      'While no replica is ready no endpoint is picked. Charts from v1.4.0 on ask for 4 CPUs and 8 GiB: look for Pending pods.',
    cure: [
      'See why it is not ready:',
      '$ kubectl describe -n NAMESPACE deployments.apps/NAME',
      '$ kubectl logs -n NAMESPACE deployments.apps/NAME --tail=50',
      'From v1.3.0 on it looks for its CRDs only once, at the start. If they came later:',
      '$ kubectl rollout restart -n NAMESPACE deployments.apps/NAME',
    ],
    sources: [TEMPLATE],
  },
  'epp-pool': {
    group,
    title: 'The endpoint picker serves this pool',
    means: '--pool-name and --pool-namespace of its container (-poolName up to v0.5) name this pool.',
    known: 'The arguments in the pod template, and the environment that they stand for.',
    matters:
      'A picker of another pool picks servers of that pool: requests go to the wrong model servers, or nowhere. The route is Accepted all the while.',
    cure: ['Correct the arguments:', EDIT],
    sources: [TEMPLATE, PROTOCOL],
  },
  'epp-group': {
    group,
    title: 'The endpoint picker looks for the pool in its own group',
    means:
      '--pool-group is the group of this pool (by default v1; pickers up to v0.5 know the alpha group only).',
    known: 'The arguments in the pod template.',
    matters:
      'With the wrong group it finds no pool and so no endpoints: 503 behind routes that are Accepted.',
    cure: [
      'Set --pool-group=inference.networking.k8s.io (for a v1 pool):',
      EDIT,
      '$ kubectl infpool verify POOL -n NAMESPACE --wait',
    ],
    sources: [TEMPLATE, GKE_MIGRATION],
  },
  'epp-service-port': {
    group,
    title: "The pool's port leads to where the endpoint picker speaks gRPC",
    means:
      'The port that the pool names is one of the Service, and its targetPort is the --grpc-port of the picker (9002 by default).',
    known: 'The pool, the Service, and the arguments and ports of the container.',
    matters:
      "A port of the model servers or of the metrics makes every request fail with 500: the Gateway's ext_proc filter speaks to the wrong thing.",
    cure: [
      'Compare the three, and correct the one that is wrong:',
      '$ kubectl get -n NAMESPACE services/NAME -o yaml',
      '$ kubectl edit -n NAMESPACE inferencepools.inference.networking.k8s.io/POOL',
    ],
    sources: [PROTOCOL, EXT_PROC],
  },
  'epp-endpoints': {
    group,
    title: "The endpoint picker's Service has a ready endpoint",
    means: 'An EndpointSlice of the Service has an endpoint that is ready.',
    known: 'EndpointSlices of the namespace, by the label kubernetes.io/service-name.',
    matters: 'A Deployment can be ready and the Service select other pods; then the Gateway reaches nobody.',
    cure: [
      "Compare the Service's selector with the pods' labels:",
      '$ kubectl get endpointslices.discovery.k8s.io -n NAMESPACE -l kubernetes.io/service-name=NAME',
      '$ kubectl get -n NAMESPACE services/NAME -o yaml',
    ],
    sources: [PROTOCOL],
  },
} satisfies CheckPages;
