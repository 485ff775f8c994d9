import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Inventory, Phase, PoolEntry } from '../api/inventory.ts';
import type { Snapshot } from '../api/read.ts';
import type { Resource } from '../api/resource.ts';
import type { StatusReport } from '../api/status.ts';
import { toJson } from '../api/json.ts';
import { statusMarkdown, statusNext, statusReport, statusTable } from '../report/status.ts';
import { safe } from '../report/text.ts';
import { checkedText } from '../report/inventory.ts';
import { toYaml } from '../report/yaml.ts';
import { on, text, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { connectionFlags, durationMs, flagsToRepeat, outputFlag, scopeFlags } from './flags.ts';
import { nextCommand } from './next.ts';
import { selectPools } from './select.ts';
import { givenPairs } from './pairs.ts';
import { PICTURE_FORMATS, pictureFormat, type PictureFormat } from './pictureFormats.ts';
import { completeness, readScope, readWorld, showFindings, withCluster } from './session.ts';
import { tellUnread } from './unread.ts';

export const status: Command = {
  name: 'status',
  positionals: '[POOL...]',
  summary: 'Show the phase of each pool, its traffic, and the next command to run',
  description:
    'Changes nothing. Phases: Preview, Parallel (v1 stands beside it), Splitting, Switched (all on v1), Done. The next commands are on stderr; -o wide has each in its row.',
  flags: {
    ...scopeFlags,
    watch: { type: 'boolean', alias: 'w', describe: 'Print every change, until --until or --timeout' },
    until: {
      type: 'string',
      choices: ['Preview', 'Parallel', 'Splitting', 'Switched', 'Done'],
      default: 'Done',
      describe: 'With --watch: end when every pool has reached this phase',
    },
    timeout: { type: 'string', default: '1h', describe: 'With --watch: how long at most' },
    ...outputFlag(['table', 'wide', 'json', 'yaml', 'markdown', 'name', ...PICTURE_FORMATS]),
    ...connectionFlags,
  },
  examples: [
    ['status', 'All namespaces'],
    ['status my-pool -n team-a', 'One pool'],
    ['status -o mermaid', 'A picture with the shares of traffic, for a Markdown page'],
  ],
  run: (args, context) =>
    withCluster(args, context, (cluster) => {
      const picture = pictureFormat(text(args, 'output'));
      if (picture && on(args, 'watch'))
        throw new UserError(`-o ${picture} is one picture; --watch prints one after the other.`, {
          hint: 'Leave out one of them.',
        });
      return (on(args, 'watch') ? watch : once)(cluster, args, context);
    }),
};

interface Seen {
  readonly report: StatusReport;
  readonly inventory: Inventory;
  readonly snapshot: Snapshot;
  readonly pools: readonly PoolEntry[];
}

async function look(cluster: Cluster, args: Args): Promise<Seen> {
  const { inventory, snapshot } = await readWorld(
    cluster,
    readScope(args),
    await drawn(args),
    givenPairs(args),
  );
  const pools = selectPools(inventory, args.positionals, {
    namespace: readScope(args),
    selector: text(args, 'selector') ?? '',
  });
  const repeat = flagsToRepeat(args);
  const report: StatusReport = {
    pools: pools.map((entry) => ({
      ref: entry.ref,
      v1: entry.v1,
      phase: entry.phase,
      trafficPercentV1: entry.trafficPercentV1,
      next: nextCommand(entry, inventory, repeat, readScope(args) === ''),
    })),
  };
  return { report, inventory, snapshot, pools };
}

// A picture shows what is broken, and what else points at the pools.
async function drawn(args: Args): Promise<readonly Resource[]> {
  if (!pictureFormat(text(args, 'output'))) return [];
  const { ADVISORY_RESOURCES } = await import('../inventory/advisory/wanted.ts');
  const { VERIFY_RESOURCES } = await import('../verify/evidence.ts');
  return [...ADVISORY_RESOURCES, ...VERIFY_RESOURCES];
}

async function drawPicture(
  format: PictureFormat,
  { inventory, snapshot, pools }: Seen,
  context: Context,
): Promise<void> {
  const { pictureText } = await import('./picture.ts');
  const phases = [...Map.groupBy(pools, ({ phase }) => phase)].map(([phase, of]) => `${of.length} ${phase}`);
  const title = `Phases of the pools: ${phases.join(', ') || 'there is none'}`;
  context.stdout.write(pictureText(format, { title, inventory, pools, snapshot }));
}

async function once(cluster: Cluster, args: Args, context: Context): Promise<ExitCode> {
  const seen = await look(cluster, args);
  const { report, inventory } = seen;
  const picture = pictureFormat(text(args, 'output'));
  if (picture) await drawPicture(picture, seen, context);
  else print(report, args, context);
  if (report.pools.length === 0)
    context.stderr.write(
      checkedText(inventory)
        .map((line) => `${line}\n`)
        .join(''),
    );
  showFindings(
    inventory.findings.filter(({ id }) => id === 'only-this-namespace'),
    context,
  );
  tellUnread(inventory, context);
  return completeness(inventory);
}

/** Between two looks: phases follow from several kinds of objects, which no one watch covers. */
const LOOK_AGAIN_MS = 2000;
const PHASES: readonly Phase[] = ['Preview', 'Parallel', 'Splitting', 'Switched', 'Done'];

// Prints what changes, and ends when every pool has come to the phase asked for, or when the time is over.
async function watch(cluster: Cluster, args: Args, context: Context): Promise<ExitCode> {
  const wanted = PHASES.indexOf((text(args, 'until') ?? 'Done') as Phase);
  const deadline = context.now().getTime() + durationMs('timeout', text(args, 'timeout') ?? '1h');
  let shown = '';
  /** What could not be read when something was shown. */
  const hidden = new Set<string>();
  for (;;) {
    const seen = await (shown === '' ? look(cluster, args) : lookAgain(cluster, args, context, hidden));
    if (seen && JSON.stringify(seen.report) !== shown) {
      shown = JSON.stringify(seen.report);
      context.progress('');
      if (hidden.size === 0) tellUnread(seen.inventory, context);
      for (const what of unseen(seen)) hidden.add(what);
      print(seen.report, args, context);
    }
    if (
      seen &&
      completeness(seen.inventory) === EXIT.ok &&
      seen.report.pools.every((pool) => PHASES.indexOf(pool.phase) >= wanted)
    )
      return EXIT.ok;
    if (context.now().getTime() >= deadline)
      throw new UserError(`Timed out: not every pool is ${PHASES[wanted]} yet.`, {
        exitCode: EXIT.timeout,
        hint: 'See what is next for each: kubectl infpool status; or watch for longer: --timeout 2h',
      });
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

// Null where it can't be told: a server that is away for a while is not the end of watching, and what can't be read for a
// moment is not gone: the phases that follow without it would be none.
async function lookAgain(
  cluster: Cluster,
  args: Args,
  context: Context,
  hidden: ReadonlySet<string>,
): Promise<Seen | null> {
  try {
    const seen = await look(cluster, args);
    const lost = unseen(seen).find((what) => !hidden.has(what));
    if (lost === undefined) return seen;
    context.progress(`  could not check ${safe(lost)}`);
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === EXIT.refused) throw error;
    context.progress(`  ${safe(error.message)}`);
  }
  return null;
}

function unseen({ inventory: { unread, findings } }: Seen): string[] {
  const elsewhere = findings.some(({ id }) => id === 'only-this-namespace');
  return [...unread.map(({ resource }) => resource), ...(elsewhere ? ['other namespaces'] : [])];
}

function print(report: StatusReport, args: Args, context: Context): void {
  const output = text(args, 'output');
  if (output === 'json') context.stdout.write(`${toJson(statusReport(report), 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(statusReport(report)));
  else if (output === 'markdown') context.stdout.write(statusMarkdown(report));
  else if (output === 'name')
    context.stdout.write(
      report.pools.map((pool) => `inferencepool.${pool.ref.group}/${pool.ref.name}\n`).join(''),
    );
  else if (report.pools.length > 0) {
    const wide = output === 'wide';
    context.stdout.write(statusTable(report, { wide, width: context.outStyle.width }));
    if (!wide) context.stderr.write(statusNext(report));
  }
}
