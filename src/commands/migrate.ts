import { withClaims } from './claimed.ts';
import { on, type Command } from './command.ts';
import { CONVERT_FLAGS } from './convertFlags.ts';
import { connectionFlags, outputFlag, scopeFlags, writeFlags } from './flags.ts';
import { gradual } from './gradual.ts';
import { recordFlag } from './record.ts';
import { withCluster } from './session.ts';
import { simple } from './simple.ts';
import { PROBE_FLAGS } from './verification.ts';

export const migrate: Command = {
  name: 'migrate',
  positionals: '[POOL...]',
  summary: 'Do it all: install v1, move traffic step by step, roll back if a gate fails',
  description:
    'Preflight, CRDs, v1 pools and objectives, then traffic in --steps. At each step it watches conditions, endpoint pickers and real requests for --interval; when a gate fails it puts the original backendRefs back. Stops before cleanup unless --cleanup. Killed and run again, it goes on from the state of the cluster (with --simple, also from its backup).',
  flags: {
    ...scopeFlags,
    steps: { type: 'string', default: '10,50,100', describe: 'Percents for v1, rising, ending at 100' },
    interval: { type: 'string', default: '2m', describe: 'How long to watch at each step' },
    'max-error-rate': { type: 'string', default: '0', describe: 'Percent of our own requests that may fail' },
    cleanup: { type: 'boolean', describe: 'Delete what remains of v1alpha2 at the end' },
    simple: { type: 'boolean', describe: 'With downtime: remove alpha first, then install v1' },
    crds: { type: 'boolean', describe: 'With --cleanup: the two alpha CRDs, too' },
    'helm-uninstall': {
      type: 'boolean',
      describe: "With --cleanup: uninstall the alpha pool's Helm release",
    },
    'ignore-owner': { type: 'boolean', describe: 'Change what Helm, Argo CD or Flux look after, too' },
    backup: { type: 'string', describe: 'With --cleanup or --simple: path of the backup file' },
    record: recordFlag,
    ...CONVERT_FLAGS,
    strategy: {
      type: 'string',
      choices: ['auto', 'weighted', 'swap'],
      default: 'auto',
      describe: 'As for split',
    },
    'take-over': {
      type: 'boolean',
      describe: 'Take over from another run that still seems to be running; that run stops',
    },
    ...PROBE_FLAGS,
    ...outputFlag(['table', 'json', 'yaml', 'diff']),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [
    ['migrate my-pool', 'Ten, fifty, a hundred percent, two minutes each'],
    ['migrate --steps 1,10,25,50,100 --interval 10m', 'With more care'],
    ['migrate --cleanup --crds --helm-uninstall --yes', 'All of it, unattended'],
  ],
  run: (args, context) =>
    withCluster(args, context, (cluster) =>
      withClaims(cluster, args, context, (claiming) =>
        (on(args, 'simple') ? simple : gradual)(claiming, args, context),
      ),
    ),
};
