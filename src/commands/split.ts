import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { refOf } from '../api/ref.ts';
import { objectsOf } from '../inventory/build.ts';
import { patchStep } from '../traffic/patch.ts';
import { namesPair, type PoolPair } from '../traffic/rule.ts';
import { rulesOf } from '../inventory/backendRefs.ts';
import { splitRoute, type RouteChange } from '../traffic/split.ts';
import { readinessChecks } from '../verify/verify.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { readForWriting } from './connected.ts';
import { text, texts, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { execute } from './execute.ts';
import {
  connectionFlags,
  durationMs,
  flagsToRepeat,
  outputFlag,
  percentage,
  scopeFlags,
  writeFlags,
} from './flags.ts';
import { shellWord } from '../report/text.ts';
import { nextCommand } from './next.ts';
import { gatewayInterlocks, pairsOf, routeNamed } from './routes.ts';
import { selectPools } from './select.ts';
import { enforce, showFindings, withCluster, writeScope, type World } from './session.ts';
import { waiter } from './waits.ts';

/** Planning again when a route changed between read and write; a writer that never stops is told, not chased. */
const ATTEMPTS = 5;

export const split: Command = {
  name: 'split',
  positionals: '[ROUTE...] [N]',
  summary: "Send N percent of the alpha pools' traffic to their v1 counterparts",
  description:
    'Changes nothing but the two backendRefs of a pair, and remembers the original ones in an annotation. 0 takes all traffic back from v1, 100 leaves the v1 pool only. Before the first traffic the v1 pool, its endpoint picker and its pods must be ready.',
  flags: {
    ...scopeFlags,
    weight: { type: 'string', describe: 'Percent for v1, 0 to 100, instead of the last argument' },
    pool: { type: 'array', string: true, describe: 'Only this pool; repeatable' },
    strategy: {
      type: 'string',
      choices: ['auto', 'weighted', 'swap'],
      default: 'auto',
      describe: 'How to move: by weights, or by one replacement',
    },
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
    if (text(args, 'strategy') === 'swap')
      throw new UserError('--strategy swap is not there yet in this version.', {
        hint: 'Where the controller serves both groups, leave it out.',
      });
    return withCluster(args, context, (cluster) =>
      run(cluster, { ...args, positionals: routes }, percent, context),
    );
  },
};

function target(args: Args): { percent: number; routes: readonly string[] } {
  const weight = text(args, 'weight');
  if (weight !== undefined) return { percent: percentage(weight), routes: args.positionals };
  const last = args.positionals.at(-1);
  if (last === undefined)
    throw new UserError('How many percent?', { hint: 'As in: kubectl infpool split 50' });
  return { percent: percentage(last), routes: args.positionals.slice(0, -1) };
}

async function run(cluster: Cluster, args: Args, percent: number, context: Context): Promise<ExitCode> {
  for (let attempt = 1; ; attempt++) {
    const namespace = writeScope(args, cluster);
    const world = await readForWriting(cluster, namespace, context, VERIFY_RESOURCES);
    const { changes, interlocks, wanted } = decide(world, args, namespace, percent);
    const findings = changes.flatMap((change) => change.findings);
    showFindings(findings, context);
    enforce(interlocks, args, context);
    const changed = changes.filter((change) => change.changed);
    const reason = `${percent} percent to v1`;
    const plan = {
      objects: changed.map((change) => change.after),
      steps: changed.map((change) => patchStep(change, reason)),
      findings,
    };
    if (changed.length === 0 && text(args, 'output') === 'table') {
      context.stderr.write(
        `unchanged: ${changes.map(({ route }) => `${route.metadata.namespace}/${route.metadata.name}`).join(', ')} at ${percent} percent already\n`,
      );
      return EXIT.ok;
    }
    const result = await execute({
      plan,
      cluster,
      args: attempt === 1 ? args : { ...args, yes: true }, // said yes already; the same percent on the route as it is now
      context,
      waitFor: waiter(cluster, durationMs('timeout', text(args, 'timeout') ?? '5m')),
      question: `Send ${percent} percent of this traffic to v1?`,
    });
    if (result.state === 'shown') return result.exitCode;
    if (result.conflicts.length === 0) {
      context.stderr.write(after(percent, wanted, world.inventory, flagsToRepeat(args, shellWord)));
      return EXIT.ok;
    }
    if (attempt === ATTEMPTS)
      throw new UserError(
        `${result.conflicts.map((ref) => `${ref.namespace}/${ref.name}`).join(', ')} kept changing while we tried to write ${ATTEMPTS} times.`,
        {
          exitCode: EXIT.refused,
          hint: 'Find who writes it (kubectl get -o yaml --show-managed-fields), then run this again.',
        },
      );
    context.stderr.write('A route was changed by someone else meanwhile: reading and planning again.\n');
  }
}

// The next command for each pool, as status would say it now.
function after(percent: number, entries: readonly PoolEntry[], inventory: Inventory, repeat: string): string {
  if (percent === 0) return 'No traffic goes to v1 any more.\n';
  const moved = entries.filter((entry) => entry.v1 !== null && entry.phase !== 'Done');
  const phase = percent === 100 ? 'Switched' : 'Splitting';
  const next = moved.map(
    (entry) => `  ${nextCommand({ ...entry, phase, trafficPercentV1: percent }, inventory, repeat)}\n`,
  );
  const flags = moved.length === 1 ? ` -n ${moved[0]!.ref.namespace}${repeat}` : repeat;
  return [
    percent === 100
      ? 'All traffic goes to v1.\n'
      : `${percent} percent goes to v1: watch errors and latency.\n`,
    `Check: kubectl infpool verify${flags}\n`,
    `Back:  kubectl infpool rollback${flags}\n`,
    `Next:\n${next.join('')}`,
  ].join('');
}

function decide(
  world: World,
  args: Args,
  namespace: string,
  percent: number,
): { changes: RouteChange[]; interlocks: Interlock[]; wanted: readonly PoolEntry[] } {
  const { inventory } = world;
  const wanted = selectPools(inventory, texts(args, 'pool'), {
    namespace: texts(args, 'pool').length > 0 ? namespace : '',
    selector: text(args, 'selector') ?? '',
  });
  const pairs = pairsOf(inventory.pools);
  const selected = pairsOf(wanted);
  const named = args.positionals.map((name) => routeNamed(name, inventory, namespace));
  const routes =
    named.length > 0
      ? named
      : objectsOf(inventory, HTTP_ROUTE).filter(
          (route) => namespace === '' || route.metadata.namespace === namespace,
        );
  const involved = routes
    .filter((route) => namesAnyPair(route, selected))
    .map((route) => splitRoute(route, pairs, selected, percent));
  const lonely = unpaired(routes, wanted);
  if (involved.length === 0 && lonely.length === 0) throw nothingToSplit(world, namespace, wanted);
  return {
    changes: involved,
    wanted,
    interlocks: [...notExpressible(involved), ...interlocksFor(involved, selected, world), ...lonely],
  };
}

function namesAnyPair(route: KubeObject, pairs: readonly PoolPair[]): boolean {
  const namespace = route.metadata.namespace ?? '';
  return rulesOf(route).some((rule) =>
    pairs.some((pair) => namesPair(rule.backendRefs ?? [], pair, namespace)),
  );
}

function notExpressible(changes: readonly RouteChange[]): Interlock[] {
  return changes
    .flatMap((change) => change.findings)
    .filter((finding) => finding.severity === 'error')
    .map((finding) => ({ finding, forceable: false }));
}

// Before its first traffic (and before more of it) a v1 pool must be able to serve.
function interlocksFor(
  changes: readonly RouteChange[],
  selected: readonly PoolPair[],
  world: World,
): Interlock[] {
  const { inventory, snapshot } = world;
  const raising = changes.filter((change) => change.raisesV1);
  const routes = objectsOf(inventory, HTTP_ROUTE);
  const pairs = selected.filter((pair) => raising.some(({ after }) => namesAnyPair(after, [pair])));
  // The pool's own status speaks of the routes so far, not of whether it could serve.
  const later = new Set(['pool-accepted', 'pool-current', 'policy-attached']);
  const readiness = pairs
    .flatMap((pair) => readinessChecks(pair.v1, inventory, snapshot, routes))
    .filter((check) => (check.verdict === 'fail' || check.verdict === 'unknown') && !later.has(check.id))
    .map((check): Interlock => ({
      forceable: true,
      finding: {
        id: check.id,
        severity: 'error',
        ref: check.subject,
        field: '',
        message: `Not ready for traffic: ${check.evidence}.`,
        hint: check.hint,
      },
    }));
  return [
    ...readiness,
    ...gatewayInterlocks(
      raising.map(({ route }) => route),
      inventory,
    ),
  ];
}

// An alpha pool without a counterpart that one of the routes names: there is nowhere to send its traffic.
function unpaired(routes: readonly KubeObject[], wanted: readonly PoolEntry[]): Interlock[] {
  const keys = new Set(routes.map((route) => JSON.stringify(refOf(route))));
  return wanted
    .filter(
      (entry) =>
        !entry.v1 &&
        entry.phase !== 'Done' &&
        entry.references.some(
          ({ from, relation }) => relation === 'backendRef' && keys.has(JSON.stringify(from)),
        ),
    )
    .map((entry) => ({
      forceable: false,
      finding: {
        id: 'no-counterpart',
        severity: 'error',
        ref: entry.ref,
        field: '',
        message: 'It has no v1 counterpart to send traffic to.',
        hint: `Make one: kubectl infpool convert ${entry.ref.name} -n ${entry.ref.namespace} --apply; or name the pools to split with --pool.`,
      },
    }));
}

function nothingToSplit({ inventory }: World, namespace: string, wanted: readonly PoolEntry[]): UserError {
  const where = namespace === '' ? 'any namespace' : `namespace ${namespace}`;
  const unread = inventory.unread.find((entry) => entry.resource.startsWith('httproutes.'));
  if (unread)
    return new UserError(`HTTPRoutes could not be read: ${unread.message}`, { exitCode: EXIT.incomplete });
  const without = wanted.filter((entry) => !entry.v1);
  if (without.length > 0)
    return new UserError(
      `No v1 counterpart is there yet for ${without.map((entry) => entry.ref.name).join(', ')}.`,
      { exitCode: EXIT.refused, hint: 'Make it first: kubectl infpool convert --apply' },
    );
  return new UserError(`No HTTPRoute in ${where} names an alpha pool or its v1 counterpart.`, {
    hint: 'See what points where: kubectl infpool detect -o json',
  });
}
