import type { FindingPages } from '../api/page.ts';
import { HELM_TEMPLATE } from '../api/sources.ts';

export const CHART_PAGES = {
  'helm-chart': {
    title: 'The folder holds a Helm chart, which was not looked into',
    severity: ['warning'],
    means:
      'A folder with a Chart.yaml: its templates are no manifests before they are rendered, and they are not changed.',
    known:
      'Chart.yaml is there; the files of the chart are searched for the alpha group, and those that name it are listed.',
    matters: 'What the chart makes may be alpha objects, and stays so until its templates are changed.',
    cure: [
      'See what it makes, with the values that you use:',
      '$ helm template RELEASE CHART | kubectl infpool detect -f -',
      '$ helm template RELEASE CHART | kubectl infpool convert -f -',
      'Then change templates and values by hand.',
    ],
    sources: [HELM_TEMPLATE],
  },
} satisfies FindingPages;
