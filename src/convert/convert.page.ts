import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const CONVERSION = gie('v1.0.0', 'apix/v1alpha2/inferencepool_conversion.go');

export const CONVERT_PAGES = {
  'counterpart-shared': {
    title: 'Two alpha pools would have the same v1 pool',
    severity: ['error'],
    means: 'Rules of routes name one v1 pool beside two alpha pools.',
    known: 'Counterparts are told from --pair, annotations, rules of routes and selectors.',
    matters:
      'A v1 pool can take over from one alpha pool only: its traffic, its priorities and the way back are of that one.',
    cure: [
      'Say which one it is, and let the other get a v1 pool of its own:',
      '$ kubectl infpool convert -n NAMESPACE --pair OLD=NEW --name OTHER=OTHER-ga',
    ],
    past: 'Nothing goes past it.',
    sources: [CONVERSION],
  },
  'v1-pool-differs': {
    title: 'The v1 pool exists, with a spec that differs from what the alpha one converts to',
    severity: ['info'],
    means:
      'The counterpart exists already, made by hand or changed since. It is kept as it is, and shown as it stands.',
    known: 'Its spec is compared with what the alpha pool converts to, field by field.',
    matters:
      'Another selector or port means other model servers: compare them before any traffic goes there. verify looks at what the pool says, not at what it once came from.',
    cure: [
      'Compare the two:',
      '$ kubectl get -n NAMESPACE inferencepools.inference.networking.k8s.io/NEW inferencepools.inference.networking.x-k8s.io/OLD -o yaml',
      'Then see that the v1 pool works as it is:',
      '$ kubectl infpool verify OLD -n NAMESPACE',
    ],
    sources: [CONVERSION],
  },
} satisfies FindingPages;
