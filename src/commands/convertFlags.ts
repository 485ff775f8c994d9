import { UPSTREAM_CHART } from '../convert/chart.ts';
import { DEFAULT_RELEASE } from '../convert/releases.ts';
import type { Flags } from './command.ts';

/** What decides on the v1 objects; convert and migrate take the same. */
export const CONVERT_FLAGS: Flags = {
  release: {
    type: 'string',
    default: DEFAULT_RELEASE,
    describe: 'Release to convert to, v1.0.0 to v1.5.0',
  },
  name: {
    type: 'array',
    string: true,
    describe:
      'OLD=NEW: name of the v1 pool; repeatable (default: -preview becomes -ga, else -ga is appended)',
  },
  priority: {
    type: 'string',
    describe: 'Priorities by criticality (default Critical=2,Standard=0,Sheddable=-1)',
  },
  'objective-header': {
    type: 'boolean',
    describe: 'Set the objective header on the rules that carry exactly one model',
  },
  'ignore-owner': { type: 'boolean', describe: 'Change what Helm, Argo CD or Flux look after, too' },
  provider: {
    type: 'string',
    choices: ['gke', 'istio', 'none'],
    describe: "The chart's provider.name (default: by what runs in the cluster)",
  },
  epp: {
    type: 'string',
    choices: ['chart', 'none'],
    default: 'chart',
    describe: 'Who brings the endpoint picker',
  },
  chart: {
    type: 'string',
    default: UPSTREAM_CHART,
    describe: 'OCI reference, folder or archive of the chart',
  },
  set: { type: 'array', string: true, describe: 'KEY=VALUE for the chart, as for helm; repeatable' },
  values: { type: 'array', string: true, describe: 'File of values for the chart; repeatable' },
  'crds-from': {
    type: 'string',
    describe: 'File, folder or URL of the CRDs (default: the release on GitHub)',
  },
};
