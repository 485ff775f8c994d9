import type { FindingPages } from '../../api/page.ts';
import { gie } from '../../api/sources.ts';

export const MONITOR_PAGES = {
  'monitor-of-alpha-picker': {
    title: "Only the alpha endpoint picker's metrics are collected",
    severity: ['warning', 'info'],
    means:
      'A PodMonitoring, ClusterPodMonitoring, PodMonitor or ServiceMonitor selects the endpoint picker of an alpha pool. The v1 pool has a picker of its own, with other labels, and nothing collects from it.',
    known:
      "The monitor's selector is compared with the labels of both pickers (or with what the chart gives them).",
    matters:
      'Graphs and alerts go blank as traffic moves, though nothing is wrong; and if something goes wrong, nobody sees it.',
    cure: [
      'Let the v1 chart make its own monitor (it is off by default):',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply --set inferenceExtension.monitoring.prometheus.enabled=true',
      'On GKE with v1.0.1 and v1.0.2 the value is inferenceExtension.monitoring.gke.enabled.',
      'Or copy the monitor that is there, with the labels of the v1 picker, as the finding says.',
    ],
    sources: [
      gie('v1.3.0', 'config/charts/inferencepool/templates/gke.yaml'),
      gie('v1.3.0', 'config/charts/inferencepool/values.yaml'),
    ],
  },
} satisfies FindingPages;
