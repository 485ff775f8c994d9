import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import { ALPHA_POOL, qualifiedName, V1_POOL } from '../api/resource.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { refOf } from '../api/ref.ts';
import { objectsOf } from '../inventory/build.ts';
import type { Verification } from '../api/verification.ts';
import type { Cluster } from '../api/cluster.ts';
import { toJson } from '../api/json.ts';
import { repeating } from '../report/commands.ts';
import { verificationReport, verificationTable, verificationText } from '../report/verification.ts';
import { toYaml } from '../report/yaml.ts';
import { RIGHTS } from '../report/unread.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { on, text, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { connectionFlags, durationMs, outputFlag, repeatedConnection, scopeFlags } from './flags.ts';
import { givenPairs } from './pairs.ts';
import { selectPools } from './select.ts';
import { readScope, readWorld, withCluster, type World } from './session.ts';
import { underway } from './underway.ts';
import { tellUnread } from './unread.ts';
import { PROBE_FLAGS, verifyEntries } from './verification.ts';

/** Between two looks while waiting: conditions of a dozen kinds and real requests can't be watched as one. */
const LOOK_AGAIN_MS = 2000;

export const verify: Command = {
  name: 'verify',
  positionals: '[POOL...]',
  summary: 'Check that it works: Gateway, routes, pools, endpoint pickers, pods, a real request',
  description:
    'Changes nothing. Checks the v1 pools where there are some, else the alpha ones. Exit 2 if a check failed, 4 if one could not be made.',
  flags: {
    ...scopeFlags,
    ...PROBE_FLAGS,
    wait: { type: 'boolean', describe: 'Look again until everything passes or --timeout is over' },
    timeout: { type: 'string', default: '5m', describe: 'With --wait: how long' },
    verbose: { type: 'boolean', alias: 'v', describe: 'Show the checks that passed, too' },
    ...outputFlag(['table', 'wide', 'json', 'yaml']),
    ...connectionFlags,
  },
  examples: [
    ['verify', 'Everything, with one request for each model'],
    ['verify --model my-model --address 127.0.0.1:8080', 'Through a port-forward'],
    ['verify --wait --timeout 10m', 'Until it works'],
  ],
  run: (args, context) =>
    withCluster(args, context, async (cluster) => {
      const deadline = context.now().getTime() + durationMs('timeout', text(args, 'timeout') ?? '5m');
      let said = '';
      for (;;) {
        const { verification, exitCode, unread } = await look(cluster, args, context);
        const over = context.now().getTime() >= deadline;
        if (!on(args, 'wait') || verification.verdict === 'pass' || over) {
          print(verification, args, context);
          tellUnread({ unread }, context);
          return on(args, 'wait') && over && verification.verdict !== 'pass' ? EXIT.timeout : exitCode;
        }
        const bad = verification.checks.filter(
          (check) => check.verdict === 'fail' || check.verdict === 'unknown',
        );
        const waiting = `Waiting: ${[...new Set(bad.map((check) => check.id))].join(', ')}\n`;
        if (waiting !== said) context.stderr.write(waiting);
        said = waiting;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }),
};

async function look(
  cluster: Cluster,
  args: Args,
  context: Context,
): Promise<{ verification: Verification; exitCode: ExitCode; unread: Inventory['unread'] }> {
  const world = await readWorld(cluster, readScope(args), VERIFY_RESOURCES, givenPairs(args));
  const scope = { namespace: readScope(args), selector: text(args, 'selector') ?? '' };
  const chosen = selectPools(world.inventory, args.positionals, scope);
  const entries = chosen.length > 0 ? chosen : migratedByHand(world, scope.namespace);
  if (entries.length === 0) throw nothingToVerify(world);
  const verification = await underway(context, 'checking, with requests of our own', () =>
    verifyEntries(entries, world, args),
  );
  return {
    verification,
    exitCode: { pass: EXIT.ok, fail: EXIT.findings, unknown: EXIT.incomplete }[verification.verdict],
    // No check hangs on the rest, but nobody shall think that it was looked at.
    unread: world.inventory.unread.filter(
      ({ resource }) => !verification.checks.some(({ evidence }) => evidence.includes(resource)),
    ),
  };
}

// v1 pools that carry no note of where they come from, with no alpha pool left: they are still worth a look.
function migratedByHand({ inventory }: World, namespace: string): PoolEntry[] {
  return objectsOf(inventory, V1_POOL)
    .filter((pool) => namespace === '' || pool.metadata.namespace === namespace)
    .map((pool) => ({
      ref: refOf(pool),
      v1: refOf(pool),
      phase: 'Done',
      trafficPercentV1: null,
      models: [],
      references: [],
      referencesV1: [],
      owner: null,
    }));
}

function nothingToVerify({ inventory }: World): UserError {
  const pools = [ALPHA_POOL, V1_POOL].map(qualifiedName);
  const unread = inventory.unread.find(({ resource }) => pools.includes(resource));
  if (unread)
    return new UserError(
      `No InferencePool to verify was found, but ${unread.resource} could not be read: ${unread.message}`,
      {
        exitCode: EXIT.incomplete,
        ...(unread.state === 'forbidden' ? { hint: `${RIGHTS} verify` } : {}),
      },
    );
  return new UserError('There is no InferencePool to verify, alpha or migrated.', {
    hint: 'See what is there: kubectl infpool detect',
  });
}

function print(verification: Verification, args: Args, context: Context): void {
  const output = text(args, 'output');
  if (output === 'json') context.stdout.write(`${toJson(verificationReport(verification), 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(verificationReport(verification)));
  else if (output === 'wide') context.stdout.write(verificationTable(verification, context.outStyle.width));
  else {
    const lines = verificationText(verification, context.outStyle, on(args, 'verbose'));
    context.stdout.write(repeating(lines, repeatedConnection(args, 'verify')));
  }
}
