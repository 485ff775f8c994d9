import type { CheckPages } from '../api/page.ts';
import { gie, GKE_MIGRATION, HTTP_ROUTE, ISTIO_TASK, REFERENCE_GRANT } from '../api/sources.ts';

const group = 'HTTPRoute';
const DESCRIBE = '$ kubectl describe -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE';

export const ROUTE_PAGES = {
  'route-accepted': {
    group,
    title: 'The route is accepted by each Gateway that it names',
    means: 'For each parentRef the status has an entry of its controller with Accepted=True.',
    known: 'status.parents of the route, by Gateway and listener.',
    matters:
      'A route that is not accepted serves nothing. No entry at all means that no controller looks at it.',
    cure: [
      'Read reason and message. NotAllowedByListeners: the Gateway does not take routes of this namespace. NoMatchingParent: the listener is not there.',
      DESCRIBE,
    ],
    sources: [HTTP_ROUTE],
  },
  'route-refs-resolved': {
    group,
    title: 'Everything that the route names can be resolved',
    means: 'ResolvedRefs=True for each parent.',
    known: 'status.parents of the route.',
    matters:
      'Requests to a reference that cannot be resolved are answered with 500. InvalidKind: the controller does not serve pools of this group. BackendNotFound: the pool is not there. RefNotPermitted: a ReferenceGrant is missing.',
    cure: [
      'Read the reason:',
      DESCRIBE,
      'InvalidKind right after a split: go back, then see what the controller can do:',
      '$ kubectl infpool rollback ROUTE -n NAMESPACE',
      '$ kubectl infpool detect -o wide',
      'RefNotPermitted: let convert make the grant:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
    ],
    sources: [HTTP_ROUTE, REFERENCE_GRANT, ISTIO_TASK],
  },
  'route-reconciled': {
    group,
    title: 'GKE has reconciled the route',
    means:
      'The condition Reconciled, which GKE writes, is True. Where nobody writes it there is no such check.',
    known: 'status.parents of the route.',
    matters: 'On GKE Accepted comes before the load balancer has the change; Reconciled is when it has.',
    cure: [
      'Read reason and message, and wait: a change takes up to some minutes.',
      DESCRIBE,
      '$ kubectl infpool verify POOL -n NAMESPACE --wait --timeout 5m',
    ],
    sources: [GKE_MIGRATION],
  },
  'route-current': {
    group,
    title: 'The status of the route is about the route as it is now',
    means: 'observedGeneration of the conditions is the generation of the object.',
    known: 'The two numbers are compared, for each parent.',
    matters: 'Right after a split an old True would look as if the new weights worked.',
    cure: [
      'Wait for the controller:',
      '$ kubectl infpool verify POOL -n NAMESPACE --wait --timeout 5m',
      'If it stays so, the controller is not running, or does not look at this route.',
    ],
    sources: [HTTP_ROUTE, gie('v1.0.0', 'conformance/utils/config/timing.go')],
  },
} satisfies CheckPages;
