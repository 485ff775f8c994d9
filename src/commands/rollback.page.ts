import type { FindingPages } from '../api/page.ts';
import { gie, HTTP_ROUTE } from '../api/sources.ts';

export const ROLLBACK_PAGES = {
  'alpha-pool-gone': {
    title: 'The alpha pool that traffic would go back to is not there',
    severity: ['error'],
    means:
      'rollback puts the original backendRefs back, and one of them names an alpha pool that was deleted.',
    known: 'The alpha pools are listed.',
    matters: 'Its requests would be answered with 500.',
    cure: [
      'Put the pool back from the backup that cleanup wrote, wait for its endpoint picker, then roll back:',
      '$ kubectl infpool restore -f BACKUP',
      '$ kubectl infpool rollback ROUTE -n NAMESPACE',
    ],
    past: '--force',
    sources: [HTTP_ROUTE],
  },
  'alpha-not-ready': {
    title: 'The alpha endpoint picker is not ready to take the traffic back',
    severity: ['error'],
    means: "The alpha pool is there, but its endpoint picker's Service, Deployment or endpoints are not.",
    known:
      'The Service that the pool names, the Deployment behind it and its EndpointSlices are read. What cannot be read does not stand in the way back.',
    matters: 'Requests would fail, as no endpoint is picked for them.',
    cure: [
      'Bring it back up:',
      '$ kubectl get deployments.apps -n NAMESPACE',
      '$ kubectl scale -n NAMESPACE deployments.apps/NAME --replicas=1',
      'Or, if it was cleaned up:',
      '$ kubectl infpool restore -f BACKUP',
      '$ kubectl infpool rollback ROUTE -n NAMESPACE',
    ],
    past: '--force, if even that is better than what v1 does now.',
    sources: [gie('v0.3.0', 'docs/proposals/004-endpoint-picker-protocol/README.md')],
  },
} satisfies FindingPages;
