import type { CheckPages } from '../api/page.ts';
import { GATEWAY, GKE_MIGRATION } from '../api/sources.ts';

const group = 'Gateway';
const DESCRIBE = '$ kubectl describe -n NAMESPACE gateways.gateway.networking.k8s.io/GATEWAY';

export const GATEWAY_PAGES = {
  'gateway-found': {
    group,
    title: 'The Gateway that the route names is there',
    means: 'A parentRef of a route that leads to the pool names a Gateway, and it exists.',
    known: 'Gateways are listed. It is unknown where they could not be read.',
    matters: 'Without its Gateway a route is served by nobody.',
    cure: [
      'See which there are, and correct the parentRefs of the route:',
      '$ kubectl get gateways.gateway.networking.k8s.io --all-namespaces',
      '$ kubectl edit -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE',
    ],
    sources: [GATEWAY],
  },
  'gateway-accepted': {
    group,
    title: 'The Gateway is accepted by its controller',
    means: 'The condition Accepted is True.',
    known: 'status.conditions of the Gateway.',
    matters: 'A Gateway that is not accepted gets no data plane: no request comes through it.',
    cure: ['Its reason and message say what is wrong:', DESCRIBE],
    sources: [GATEWAY],
  },
  'gateway-programmed': {
    group,
    title: 'There is a data plane behind the Gateway',
    means: 'The condition Programmed is True: the load balancer or proxy has the configuration.',
    known: 'status.conditions of the Gateway.',
    matters:
      'This is what the manual of the migration tells you to watch while traffic moves: without PROGRAMMED=True requests fail, or go by an old configuration.',
    cure: [
      'Read reason and message; on GKE they name the object that cannot be programmed:',
      DESCRIBE,
      '$ kubectl get events -n NAMESPACE --sort-by=.lastTimestamp',
    ],
    sources: [GATEWAY, GKE_MIGRATION],
  },
  'gateway-current': {
    group,
    title: 'The status of the Gateway is about the Gateway as it is now',
    means: 'observedGeneration of the conditions is the generation of the object.',
    known: 'The two numbers are compared.',
    matters: 'An old True says nothing about the last change.',
    cure: [
      'Wait for the controller:',
      '$ kubectl infpool verify POOL -n NAMESPACE --wait --timeout 5m',
      'If it stays so, the controller is not running, or does not look at this Gateway. See which one should:',
      '$ kubectl get gatewayclasses.gateway.networking.k8s.io',
    ],
    sources: [GATEWAY],
  },
  'gateway-address': {
    group,
    title: 'The Gateway has an address',
    means: 'status.addresses is not empty.',
    known: 'status.addresses of the Gateway.',
    matters: 'Clients and our own request have nowhere to go.',
    cure: [
      'A load balancer may take minutes to get one; then read reason and message:',
      DESCRIBE,
      'Where it is reached by another way, say so:',
      '$ kubectl infpool verify POOL -n NAMESPACE --address HOST:PORT',
    ],
    sources: [GATEWAY],
  },
} satisfies CheckPages;
