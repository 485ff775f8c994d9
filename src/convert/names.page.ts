import type { FindingPages } from '../api/page.ts';
import { gie, OBJECT_NAMES } from '../api/sources.ts';

const PAST = 'Nothing goes past it.';
const HELPERS = gie('v1.0.0', 'config/charts/inferencepool/templates/_helpers.tpl');
const CHOOSE = [
  'Take the name that the finding proposes, or one of your own:',
  '$ kubectl infpool convert OLD -n NAMESPACE --name OLD=NEW',
];

export const NAME_PAGES = {
  'name-invalid': {
    title: 'The v1 pool cannot have this name',
    severity: ['error'],
    means:
      "The endpoint picker's Service is called after the pool, and the name of a Service begins with a letter and has lower case letters, digits and dashes only.",
    known: 'The name is checked by the rule of RFC 1035 labels.',
    matters: 'The chart could not be installed: the API server refuses its Service.',
    cure: CHOOSE,
    past: PAST,
    sources: [OBJECT_NAMES, HELPERS],
  },
  'name-too-long': {
    title: 'The name is too long for a Helm release',
    severity: ['error'],
    means: 'The chart names the pool after the release, and Helm takes 53 characters at most.',
    known: 'The characters are counted.',
    matters: 'helm install fails.',
    cure: CHOOSE,
    past: PAST,
    sources: [HELPERS],
  },
  'name-taken': {
    title: 'A v1 pool of this name is there already',
    severity: ['error'],
    means:
      'A v1 pool of this name exists in the namespace, or another pool of this conversion gets it, and nothing says that it takes over from this alpha pool.',
    known:
      'The v1 pools of the namespace are listed; their counterparts are told as in counterpart-ambiguous.',
    matters:
      'Writing ours would change a pool that others send requests to. So nothing is applied until you say which it is.',
    cure: [
      'If it is the one that takes over, say so:',
      '$ kubectl infpool convert OLD -n NAMESPACE --pair OLD=NEW',
      'Else choose another name:',
      '$ kubectl infpool convert OLD -n NAMESPACE --name OLD=NEW',
    ],
    past: PAST,
    sources: [HELPERS],
  },
  'name-collides': {
    title: 'The endpoint picker of this name is there already',
    severity: ['error'],
    means:
      'The chart calls the endpoint picker after the first 40 characters of the name, with -epp behind them. Another pool of the namespace has an endpoint picker that is called the same.',
    known: 'The names of the pickers that pools of both groups name are compared.',
    matters:
      'Two pools would share one Deployment and one Service: the second one overwrites the first, and requests of one pool are picked for the other.',
    cure: CHOOSE,
    past: PAST,
    sources: [HELPERS],
  },
} satisfies FindingPages;
