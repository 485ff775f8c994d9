import type { FindingPages } from '../../api/page.ts';
import { gie } from '../../api/sources.ts';

export const RULE_PAGES = {
  'metric-renamed': {
    title: 'An alert or a recording rule reads a metric that v1.1.0 renamed',
    severity: ['warning'],
    means:
      'The rule reads inference_model_…, which endpoint pickers of v1.1.0 or later call inference_objective_… (v1.0.x keeps the old name).',
    known: 'The expressions of PrometheusRules are read.',
    matters:
      'As traffic moves the rule sees fewer and fewer requests, and none in the end. An alert that needs data goes silent in the very hours in which it is needed.',
    cure: [
      'Read the metric under either name: {__name__=~"inference_(model|objective)_…"}. The finding prints the matcher for yours.',
      'Dashboards have no object in the cluster that we could look at: search them for inference_model_ by hand.',
    ],
    sources: [gie('v1.1.0', 'pkg/epp/metrics/metrics.go')],
  },
  'metric-of-alpha-pool': {
    title: 'An alert or a recording rule names the alpha pool',
    severity: ['warning'],
    means: 'An expression selects inference_pool_… or another metric of the endpoint picker by name="POOL".',
    known: 'The expressions of PrometheusRules are read.',
    matters:
      "The v1 pool's numbers come under the name of the v1 pool. What is said of the alpha pool ends when its endpoint picker is cleaned up, and the rule with it.",
    cure: [
      'Before cleanup let it take both: name=~"OLD|NEW".',
      'If there is no v1 pool yet, make it first:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
    ],
    sources: [gie('v1.0.0', 'pkg/epp/metrics/metrics.go')],
  },
} satisfies FindingPages;
