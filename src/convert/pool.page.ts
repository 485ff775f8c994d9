import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const PAST = 'Nothing goes past it.';
const V1_TYPES = gie('v1.0.2', 'api/v1/inferencepool_types.go');
const ALPHA_TYPES = gie('v0.3.0', 'api/v1alpha2/inferencepool_types.go');
const CONVERSION = gie('v1.0.0', 'apix/v1alpha2/inferencepool_conversion.go');
const EDIT = '$ kubectl edit -n NAMESPACE inferencepools.inference.networking.x-k8s.io/POOL';
const AGAIN = '$ kubectl infpool convert POOL -n NAMESPACE';

export const POOL_PAGES = {
  'selector-empty': {
    title: 'The pool selects by no label',
    severity: ['error'],
    means: 'spec.selector of the alpha pool is empty. A v1 pool needs 1 to 64 labels (from v1.0.2 on).',
    known: 'The field is read.',
    matters:
      'What an empty selector was meant to select is not for us to guess: all pods of the namespace, or none. No v1 pool is made of it.',
    cure: [
      'Give the alpha pool a selector that matches its model servers only:',
      '$ kubectl get pods -n NAMESPACE --show-labels',
      EDIT,
      AGAIN,
    ],
    past: PAST,
    sources: [V1_TYPES, ALPHA_TYPES],
  },
  'selector-too-large': {
    title: 'The pool selects by more labels than v1 takes',
    severity: ['error'],
    means: 'spec.selector has more than 64 labels; a v1 pool takes 64 at most.',
    known: 'The labels are counted.',
    matters: 'The API server would refuse the v1 pool.',
    cure: ['Leave out labels that add nothing to the choice:', EDIT, AGAIN],
    past: PAST,
    sources: [V1_TYPES],
  },
  'target-port-missing': {
    title: "The port of the pool's model servers is not given",
    severity: ['error'],
    means: 'spec.targetPortNumber is not there. v1alpha2 requires it, so this comes from a file.',
    known: 'The field is read.',
    matters: 'A v1 pool without targetPorts is refused by the API server, and there is no port to assume.',
    cure: [
      'Set spec.targetPortNumber to the port that the model servers listen on, then:',
      '$ kubectl infpool convert -f FILE',
    ],
    past: PAST,
    sources: [V1_TYPES, ALPHA_TYPES],
  },
  'extension-kind': {
    title: 'The endpoint picker is not a Service',
    severity: ['warning'],
    means: 'spec.extensionRef of the alpha pool names another kind than Service.',
    known: 'The field is read.',
    matters:
      'The chart brings a picker behind a Service of its own: what yours did is then not done any more. Kept as it is, it depends on the controller whether it takes that kind for v1 pools.',
    cure: [
      'To go on with your own picker, install one that serves the v1 pool, and tell us not to bring one:',
      '$ kubectl infpool convert POOL -n NAMESPACE --epp none',
    ],
    sources: [ALPHA_TYPES, V1_TYPES],
  },
  'port-defaulted': {
    title: "The endpoint picker's port was not given, which meant 9002",
    severity: ['info'],
    means:
      'spec.extensionRef.portNumber of the alpha pool is not set. v1alpha2 takes 9002 then; v1 needs it written down, and gets it.',
    known: 'The field is read.',
    matters:
      "Nothing changes. Upstream's own converter leaves the port out, and the API server refuses its pool.",
    cure: ['Nothing to do.'],
    sources: [ALPHA_TYPES, CONVERSION],
  },
  'epp-port-by-chart': {
    title: 'The new endpoint picker listens on another port than the old one',
    severity: ['info'],
    means:
      "The alpha pool names another port than 9002 for its picker; the chart's own picker listens on 9002, and the v1 pool names that.",
    known: 'spec.extensionRef.portNumber of the alpha pool is read.',
    matters:
      'A NetworkPolicy or a firewall rule that lets the Gateway through to the old port only would block the new one: requests then fail with 500 or 503.',
    cure: [
      'Look for policies that name the old port, and add 9002:',
      '$ kubectl get networkpolicies.networking.k8s.io -n NAMESPACE -o yaml',
    ],
    sources: [gie('v1.0.0', 'config/charts/inferencepool/values.yaml')],
  },
  'failure-mode-lost': {
    title: 'The chart of this release does not take FailOpen',
    severity: ['info'],
    means:
      'The alpha pool has failureMode FailOpen: while its picker is down, requests go to any server. Charts up to v1.3.1 do not render that field, and the default of the API is FailClose.',
    known: 'spec.extensionRef.failureMode is read; what each chart renders was seen by rendering it.',
    matters:
      'With FailClose requests fail while the picker is down: during its restart, for example. "convert --apply" sets FailOpen once the chart is installed; helm on its own does not.',
    cure: [
      'After "convert --apply" there is nothing to do. After an install by helm:',
      '$ kubectl patch -n NAMESPACE inferencepools.inference.networking.k8s.io/NEW --type=merge -p \'{"spec":{"endpointPickerRef":{"failureMode":"FailOpen"}}}\'',
    ],
    sources: [gie('v1.3.0', 'config/charts/inferencepool/templates/inferencepool.yaml'), V1_TYPES],
  },
} satisfies FindingPages;
