import type { FindingPages } from '../../api/page.ts';
import { AUTOSCALING, gie } from '../../api/sources.ts';

export const AUTOSCALER_PAGES = {
  'autoscaler-metric-renamed': {
    title: 'An autoscaler goes by a metric that falls as traffic moves',
    severity: ['warning'],
    means:
      'A HorizontalPodAutoscaler or a KEDA ScaledObject scales the model servers by an inference_model_… metric. Each endpoint picker counts only the requests that it picks for, and pickers of v1.1.0 or later call the metric inference_objective_….',
    known: "The autoscaler's metric names and queries are read.",
    matters:
      'In the middle of a shift the number under the old name falls although the servers are as busy as before. The autoscaler takes servers away, and the rest is overloaded.',
    cure: [
      'Before any traffic moves, let a query add up both names: sum({__name__=~"inference_(model|objective)_…"}).',
      'Where no query is possible, hold the number of servers while traffic moves:',
      '$ kubectl patch -n NAMESPACE horizontalpodautoscalers.autoscaling/NAME --type=merge -p \'{"spec":{"minReplicas":COUNT}}\'',
      'Or scale by inference_pool_average_queue_size, which either picker reports of all servers.',
    ],
    sources: [gie('v1.1.0', 'pkg/epp/metrics/metrics.go'), AUTOSCALING],
  },
  'autoscaler-metric-of-alpha-pool': {
    title: 'An autoscaler goes by a metric of the alpha pool by name',
    severity: ['warning'],
    means:
      'The metric is selected by the name of the alpha pool, or described by the alpha pool as an object of the API.',
    known:
      "The autoscaler's metric selectors, queries and described objects are read, and name an alpha pool.",
    matters:
      "That metric ends with the alpha endpoint picker, that is at cleanup. From then on nothing is scaled, and it does not say so loudly: the autoscaler's status shows that it cannot get the metric.",
    cure: [
      'Make the v1 pool first if there is none:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
      "Put the v1 pool's name into the metric before cleanup; the finding prints the patch for your object.",
      'See that it reads a number again:',
      '$ kubectl describe -n NAMESPACE horizontalpodautoscalers.autoscaling/NAME',
    ],
    sources: [gie('v1.0.0', 'pkg/epp/metrics/metrics.go'), AUTOSCALING],
  },
} satisfies FindingPages;
