import type { CheckPages } from '../api/page.ts';
import { gie, GKE_POLICIES, ISTIO_TASK, REFERENCE_GRANT } from '../api/sources.ts';

const group = 'References';
const MAKE = ['Let convert make what is missing:', '$ kubectl infpool convert POOL -n NAMESPACE --apply'];

export const COMPANION_CHECK_PAGES = {
  'policy-present': {
    group,
    title: 'The v1 pool has the GKE policy that the alpha pool has',
    means:
      'Where a GCPBackendPolicy or a GCPTrafficDistributionPolicy targets the alpha pool, one of the kind targets the v1 pool.',
    known: 'The targets of the policies are compared.',
    matters:
      'Timeouts, logging, security (IAP, Cloud Armor) or traffic distribution would differ for requests to the v1 pool.',
    cure: MAKE,
    sources: [GKE_POLICIES],
  },
  'destination-rule-present': {
    group,
    title: 'The v1 endpoint picker has the DestinationRule that the alpha one has',
    means:
      'Where an Istio DestinationRule names the host of the alpha picker, one names that of the v1 picker.',
    known:
      'The hosts of DestinationRules, short and fully qualified, are compared with the Services of the pickers.',
    matters:
      'Istio speaks TLS to the picker as the rule says. Without it every request of the v1 pool fails.',
    cure: MAKE,
    sources: [ISTIO_TASK, gie('v1.0.1', 'config/charts/inferencepool/templates/istio.yaml')],
  },
  'grant-present': {
    group,
    title: 'Routes of other namespaces may name the v1 pool',
    means:
      'Where a ReferenceGrant lets routes of another namespace name the alpha pool, one lets them name the v1 pool.',
    known:
      'The entries of ReferenceGrants are compared. Where the alpha pool is reached without one, none is asked for.',
    matters:
      'Without it the route gets ResolvedRefs=False, reason RefNotPermitted, and its share of requests to v1 fails.',
    cure: MAKE,
    sources: [REFERENCE_GRANT],
  },
} satisfies CheckPages;
