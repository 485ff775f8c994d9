import type { CheckPages } from '../api/page.ts';
import { EXT_PROC, gie, GKE_MIGRATION, HTTP_ROUTE } from '../api/sources.ts';

const group = 'Requests';
const known =
  'A real POST to the address of the Gateway, in a way that a rule of the route takes (path, headers, query), for each model. The evidence is enough to send it by hand.';
const LOGS = '$ kubectl logs -n NAMESPACE deployments.apps/NAME --tail=50';

export const PROBE_PAGES = {
  probe: {
    group,
    title: 'A real request is answered',
    means:
      'Every request that was sent got 200. It is skipped where none could be sent; the evidence says why.',
    known,
    matters:
      'It is the only proof that all parts work together. A 200 alone does not prove that the endpoint picker picked: with FailOpen any server answers. So read it together with the checks of the picker.',
    cure: [
      'If it was skipped, say what is missing:',
      '$ kubectl infpool verify POOL -n NAMESPACE --model NAME --address HOST:PORT',
    ],
    sources: [GKE_MIGRATION],
  },
  'probe-timeout': {
    group,
    title: 'A request got no answer in time',
    means: 'Something took the request and did not answer within --probe-timeout.',
    known,
    matters: 'Clients wait as well. A model that is being loaded, or a full queue, looks the same.',
    cure: [
      'Give it more time once:',
      '$ kubectl infpool verify POOL -n NAMESPACE --probe-timeout 2m',
      'Then look at the endpoint picker and the model servers:',
      LOGS,
    ],
    sources: [GKE_MIGRATION],
  },
  'probe-unreachable': {
    group,
    title: 'Nothing answers at the address of the Gateway from here',
    means: 'The connection was refused, could not be made, or was cut before an answer.',
    known,
    matters:
      'If the Gateway is internal, this says something about where you are, and nothing about the pool.',
    cure: [
      'Run it where the Gateway can be reached, or by another address, or leave the request out:',
      '$ kubectl infpool verify POOL -n NAMESPACE --address HOST:PORT',
      '$ kubectl infpool verify POOL -n NAMESPACE --no-probe',
    ],
    sources: [GKE_MIGRATION],
  },
  'probe-not-found': {
    group,
    title: 'A request got 404',
    means: 'No server knows the model name, or no rule of the route matches.',
    known,
    matters:
      'If the alpha pool answered the same request, the name is what was lost: InferenceModels renamed it by targetModels, and v1.0 to v1.2 do not.',
    cure: [
      'See what the conversion says of this model, and its cure:',
      '$ kubectl infpool convert POOL -n NAMESPACE',
      '$ kubectl infpool explain target-models-lost',
    ],
    sources: [gie('v1.0.0', 'pkg/epp/metadata/consts.go'), HTTP_ROUTE],
  },
  'probe-shed': {
    group,
    title: 'A request got 429: the endpoint picker sheds load',
    means: 'The pool is saturated, and the request has a priority at which it is dropped.',
    known,
    matters: 'It is no fault of the migration as such; but real requests are dropped, too.',
    cure: [
      'Look again when there is less load, or wait for it:',
      '$ kubectl infpool verify POOL -n NAMESPACE --wait --timeout 10m',
      'If it began with the shift, see the priorities:',
      '$ kubectl get -n NAMESPACE inferenceobjectives.inference.networking.x-k8s.io',
    ],
    sources: [gie('v1.0.0', 'apix/v1alpha2/inferenceobjective_types.go')],
  },
  'probe-refused': {
    group,
    title: 'Something in front of the model servers refused the request',
    means: 'It got another answer between 300 and 499: 401, 403, a redirect.',
    known,
    matters:
      'A guard in front of the Gateway, or a filter of the route, wants something that our request does not have. The pool may be all right.',
    cure: [
      'Look at the filters of the route and at what guards the Gateway; then leave the request out:',
      '$ kubectl infpool verify POOL -n NAMESPACE --no-probe',
    ],
    sources: [HTTP_ROUTE],
  },
  'probe-server-error': {
    group,
    title: 'A request got 500 or more',
    means:
      '500 mostly comes from the Gateway (ext_proc could not speak to the endpoint picker), 503 from no healthy endpoint.',
    known,
    matters: 'Clients get the same.',
    cure: [
      'If traffic was just moved, move it back first:',
      '$ kubectl infpool rollback -n NAMESPACE',
      'Then read the checks of the endpoint picker (epp-group, epp-service-port, epp-endpoints), and its logs:',
      '$ kubectl infpool verify POOL -n NAMESPACE --verbose',
      LOGS,
    ],
    sources: [EXT_PROC, gie('v1.0.0', 'docs/proposals/004-endpoint-picker-protocol/README.md')],
  },
} satisfies CheckPages;
