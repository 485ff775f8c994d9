import { EXIT } from '../api/errors.ts';
import type { StatusReport } from '../api/status.ts';
import { statusMarkdown, statusReport, statusTable } from '../report/status.ts';
import { safe, shellWord } from '../report/text.ts';
import { toYaml } from '../report/yaml.ts';
import { text, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { connectionFlags, flagsToRepeat, outputFlag, scopeFlags } from './flags.ts';
import { nextCommand } from './next.ts';
import { selectPools } from './select.ts';
import { completeness, readScope, readWorld, withCluster } from './session.ts';

export const status: Command = {
  name: 'status',
  positionals: '[POOL...]',
  summary: 'Phase of each pool, its traffic, and the next command to run',
  description:
    'Changes nothing. Phases: Preview, Parallel (v1 stands beside it), Splitting, Switched (all on v1), Done.',
  flags: { ...scopeFlags, ...outputFlag(['table', 'json', 'yaml', 'markdown', 'name']), ...connectionFlags },
  examples: [
    ['status', 'All namespaces'],
    ['status my-pool -n team-a', 'One pool'],
  ],
  run: (args, context) =>
    withCluster(args, context, async (cluster) => {
      const { inventory } = await readWorld(cluster, readScope(args));
      const pools = selectPools(inventory, args.positionals, {
        namespace: readScope(args),
        selector: text(args, 'selector') ?? '',
      });
      const repeat = flagsToRepeat(args, shellWord);
      const report: StatusReport = {
        pools: pools.map((entry) => ({
          ref: entry.ref,
          v1: entry.v1,
          phase: entry.phase,
          trafficPercentV1: entry.trafficPercentV1,
          next: nextCommand(entry, inventory, repeat),
        })),
      };
      print(report, args, context);
      if (pools.length === 0)
        context.stderr.write(inventory.checked.map((line) => `${safe(line)}\n`).join(''));
      for (const unread of inventory.unread)
        context.stderr.write(`could not check ${unread.resource}: ${safe(unread.message)}\n`);
      return completeness(inventory) === EXIT.ok ? EXIT.ok : EXIT.incomplete;
    }),
};

function print(report: StatusReport, args: Args, context: Context): void {
  const output = text(args, 'output');
  if (output === 'json') context.stdout.write(`${JSON.stringify(statusReport(report), null, 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(statusReport(report)));
  else if (output === 'markdown') context.stdout.write(statusMarkdown(report));
  else if (output === 'name')
    context.stdout.write(
      report.pools.map((pool) => `inferencepool.${pool.ref.group}/${pool.ref.name}\n`).join(''),
    );
  else if (report.pools.length > 0) context.stdout.write(statusTable(report));
}
