import type { Cluster } from '../api/cluster.ts';
import { inNamespace } from '../api/kubectl.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { Strategy } from '../traffic/strategy.ts';
import { text, texts, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { connectionFlags, flagsToRepeat, outputFlag, percentage, scopeFlags, writeFlags } from './flags.ts';
import { nextCommand } from './next.ts';
import { withCluster } from './session.ts';
import { shift } from './shift.ts';

export const split: Command = {
  name: 'split',
  positionals: '[ROUTE...] [N]',
  summary: "Send N percent of the alpha pools' traffic to their v1 counterparts",
  description:
    'Changes nothing but the two backendRefs of a pair, and remembers the original ones in an annotation. 0 takes all traffic back from v1, 100 leaves the v1 pool only. Before the first traffic the v1 pool, its endpoint picker and its pods must be ready; the v1 pool is named at weight 0 first and must be accepted.',
  flags: {
    ...scopeFlags,
    weight: { type: 'string', describe: 'Percent for v1, 0 to 100, instead of the last argument' },
    pool: { type: 'array', string: true, describe: 'Only this pool; repeatable' },
    strategy: {
      type: 'string',
      choices: ['auto', 'weighted', 'swap'],
      default: 'auto',
      describe: 'weighted needs a controller that serves both groups; swap replaces the pool in one step',
    },
    'ignore-owner': { type: 'boolean', describe: 'Change routes that Helm, Argo CD or Flux look after, too' },
    ...outputFlag(['table', 'json', 'yaml', 'diff']),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [
    ['split 10', 'Ten percent of every pool of the namespace to v1'],
    ['split llm-route 50 -o diff', 'Show what would change'],
    ['split 100 --yes', 'All traffic to v1, without a question'],
  ],
  run(args, context) {
    const { percent, routes } = target(args);
    return withCluster(args, context, (cluster) => run(cluster, args, percent, routes, context));
  },
};

function target(args: Args): { percent: number; routes: readonly string[] } {
  const weight = text(args, 'weight');
  if (weight !== undefined) return { percent: percentage(weight), routes: args.positionals };
  const last = args.positionals.at(-1);
  if (last === undefined)
    throw new UserError('split needs the percentage of the traffic that goes to v1.', {
      hint: 'As in: kubectl infpool split 50',
    });
  return { percent: percentage(last), routes: args.positionals.slice(0, -1) };
}

async function run(
  cluster: Cluster,
  args: Args,
  percent: number,
  routes: readonly string[],
  context: Context,
): Promise<ExitCode> {
  const shifted = await shift(cluster, args, context, {
    percent,
    routes,
    pools: texts(args, 'pool'),
    strategy: (text(args, 'strategy') ?? 'auto') as Strategy | 'auto',
    confirmed: false,
  });
  if (shifted.state === 'shown') return shifted.exitCode;
  if (shifted.state === 'unchanged') {
    const names = shifted.routes.map((route) => `${route.metadata.namespace}/${route.metadata.name}`);
    context.stderr.write(`unchanged: ${names.join(', ')} at ${percent} percent already\n`);
    return EXIT.ok;
  }
  context.stderr.write(after(percent, shifted.entries, shifted.world.inventory, flagsToRepeat(args)));
  return EXIT.ok;
}

// The next command for each pool, as status would say it now.
function after(percent: number, entries: readonly PoolEntry[], inventory: Inventory, repeat: string): string {
  if (percent === 0) return 'No traffic goes to v1 any more.\n';
  const moved = entries.filter((entry) => entry.v1 !== null && entry.phase !== 'Done');
  const phase = percent === 100 ? 'Switched' : 'Splitting';
  const next = moved.map(
    (entry) => `  ${nextCommand({ ...entry, phase, trafficPercentV1: percent }, inventory, repeat)}\n`,
  );
  const flags = moved.length === 1 ? `${inNamespace(moved[0]!.ref.namespace)}${repeat}` : repeat;
  return [
    percent === 100
      ? 'All traffic goes to v1.\n'
      : `${percent} percent goes to v1: watch errors and latency.\n`,
    `Check: kubectl infpool verify${flags}\n`,
    `Back:  kubectl infpool rollback${flags}\n`,
    `Next:\n${next.join('')}`,
  ].join('');
}
