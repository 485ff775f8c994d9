import type { Cluster } from '../api/cluster.ts';
import { kubectl } from '../api/kubectl.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Interlock } from '../api/interlock.ts';
import type { PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { Plan } from '../api/plan.ts';
import { isUnread, listOf } from '../api/read.ts';
import { refKey, sameRef, type Ref } from '../api/ref.ts';
import {
  GATEWAY,
  GATEWAY_CLASS,
  GCP_BACKEND_POLICY,
  HEALTH_CHECK_POLICY,
  HTTP_ROUTE,
  REFERENCE_GRANT,
  V1_POOL,
} from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { concerns } from '../traffic/split.ts';
import { shiftSteps, type ShiftSteps } from '../traffic/steps.ts';
import { decideStrategy, type Strategy } from '../traffic/strategy.ts';
import { gatewaysOf } from '../verify/verify.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { readForWriting } from './connected.ts';
import { claimsOn } from './claimed.ts';
import { text, type Args } from './command.ts';
import type { Context } from './context.ts';
import { coolDown } from './coolDown.ts';
import { execute } from './execute.ts';
import { ownedChanges } from './owned.ts';
import { givenPairs } from './pairs.ts';
import { requireRead, ROUTED } from './readWhole.ts';
import { pairsOf, routeNamed } from './routes.ts';
import { lastWriter } from './rivals.ts';
import { selectPools } from './select.ts';
import { enforce, showFindings, writeScope, type World } from './session.ts';
import { notExpressible, notReady, nothingToSplit, unpaired } from './shiftInterlocks.ts';
import { tellUnread, unreadLocks } from './unread.ts';

/** Planning again when a route changed between read and write; a writer that never stops is told, not chased. */
export const ATTEMPTS = 5;

export interface ShiftRequest {
  readonly percent: number;
  /** ROUTE arguments; none: every route of the scope. */
  readonly routes: readonly string[];
  /** POOL arguments; none: every pool. */
  readonly pools: readonly string[];
  readonly strategy: Strategy | 'auto';
  /** True where the question was asked already. */
  readonly confirmed: boolean;
}

/** `shown`: a dry run or a diff. Otherwise what is at the percent now, by whom it was written. */
export type Shifted =
  | { readonly state: 'shown'; readonly exitCode: ExitCode }
  | {
      readonly state: 'unchanged' | 'done';
      readonly routes: readonly KubeObject[];
      readonly entries: readonly PoolEntry[];
      readonly world: World;
    };

/** Brings what the request names to its percent: pre-warmed, checked, planned again where someone else wrote meanwhile. */
export async function shift(
  cluster: Cluster,
  args: Args,
  context: Context,
  request: ShiftRequest,
): Promise<Shifted> {
  let confirmed = request.confirmed;
  for (let attempt = 1; ; attempt++) {
    const world = await readForWriting(
      cluster,
      writeScope(args, cluster),
      context,
      givenPairs(args),
      VERIFY_RESOURCES,
    );
    // Nobody is there to read it and try again.
    if (request.confirmed) requireRead(world, [...ROUTED, ...DECISIVE]);
    if (attempt === 1) tellUnread(world.inventory, context);
    const decided = decide(world, args, writeScope(args, cluster), request);
    const claims = await claimsOn(
      cluster,
      decided.entries.map(({ ref }) => ref),
      context,
    );
    const findings = decided.changes.flatMap((change) => change.findings);
    showFindings(
      findings.filter((finding) => finding.severity !== 'error'),
      context,
    ); // those are interlocks
    enforce([...decided.interlocks, ...claims.interlocks], args, context);
    const routes = decided.changes.map((change) => change.route);
    if (decided.steps.length === 0 && text(args, 'output') === 'table')
      return { state: 'unchanged', routes, entries: decided.entries, world };
    const plan: Plan = {
      objects: decided.changes.filter((change) => change.changed).map((change) => change.after),
      steps: decided.steps,
      findings,
    };
    let begun = false;
    try {
      const result = await execute({
        plan,
        cluster,
        args: confirmed ? { ...args, yes: true } : args, // the same percent, on the route as it is now
        context,
        replans: true,
        question: `Send ${request.percent} percent of this traffic to v1?`,
        beforeWrite: () => Promise.resolve(void (begun = true)),
      });
      if (result.state === 'shown') return result;
      if (result.conflicts.length === 0) return { state: 'done', routes, entries: decided.entries, world };
      if (attempt === ATTEMPTS) throw await keptChanging(cluster, result.conflicts);
    } catch (error) {
      // After a no, and in a dry run, nothing is written, not even what a killed run has left.
      if (begun) await coolDown(cluster, decided.changes, context, pairsOf(world.inventory.pools));
      throw error;
    }
    confirmed = true;
    context.stderr.write('A route was changed by someone else meanwhile: reading and planning again.\n');
  }
}

/** What to say when a route was never left alone long enough to be written. */
export async function keptChanging(cluster: Cluster, conflicts: readonly Ref[]): Promise<UserError> {
  const routes = [...new Map(conflicts.map((ref) => [refKey(ref), ref])).values()];
  const reads = await Promise.all(routes.map((ref) => cluster.get(ref)));
  const words = routes.map((ref, index) => {
    const read = reads[index]!;
    const by = read.state === 'ok' ? ` (${lastWriter(read.object)})` : '';
    return `HTTPRoute ${ref.namespace}/${ref.name}${by}`;
  });
  return new UserError(`${words.join(', ')} kept changing while we tried to write ${ATTEMPTS} times.`, {
    exitCode: EXIT.refused,
    hint: `See who writes it: ${routes.map((ref) => `${kubectl('get', ref)} -o yaml --show-managed-fields`).join('; ')}; have it wait, then run this again.`,
  });
}

// A diff is between what is and what will be; a server can check a patch only against what is; and who doesn't wait for
// the warm-up has nothing of it.
function prewarms(args: Args): boolean {
  return args['wait'] !== false && text(args, 'output') !== 'diff' && text(args, 'dry-run') !== 'server';
}

// Whose controller takes both pools, who may name them, what keeps them healthy.
const DECISIVE = [GATEWAY, GATEWAY_CLASS, REFERENCE_GRANT, HEALTH_CHECK_POLICY, GCP_BACKEND_POLICY];

interface Decided extends ShiftSteps {
  readonly interlocks: readonly Interlock[];
  readonly entries: readonly PoolEntry[];
}

function decide(world: World, args: Args, namespace: string, request: ShiftRequest): Decided {
  const { inventory } = world;
  const entries = selectPools(inventory, request.pools, {
    namespace: request.pools.length > 0 ? namespace : '',
    selector: text(args, 'selector') ?? '',
  });
  const pairs = pairsOf(inventory.pools);
  const selected = pairsOf(entries);
  const inScope =
    request.routes.length > 0
      ? request.routes.map((name) => routeNamed(name, inventory, namespace))
      : objectsOf(inventory, HTTP_ROUTE).filter(
          (route) => namespace === '' || route.metadata.namespace === namespace,
        );
  const routes = inScope.filter((route) => concerns(route, selected));
  const lonely = unpaired(inScope, entries);
  // A v1 pool that may not be looked at is not missing.
  const unseen = isUnread(listOf(world.snapshot, V1_POOL));
  if (unseen || (routes.length === 0 && lonely.length === 0)) throw nothingToSplit(world, namespace, entries);

  const gateways = inventory.gateways.filter((gateway) =>
    routes.flatMap(gatewaysOf).some((ref) => sameRef(ref, gateway.ref)),
  );
  const { strategy, interlocks, prewarm } = decideStrategy(request.strategy, request.percent, gateways);
  const { changes, steps } = shiftSteps(
    routes,
    pairs,
    selected,
    request.percent,
    strategy,
    prewarm && prewarms(args),
  );
  const named = entries.filter((entry) => routes.some((route) => concerns(route, pairsOf([entry]))));
  const moving = changes.some((change) => change.raisesV1) ? interlocks : [];
  return {
    changes,
    steps,
    entries: named,
    interlocks: [
      ...notExpressible(changes),
      ...ownedChanges(
        changes.flatMap(({ route, after, changed }) => (changed ? [{ before: route, after }] : [])),
        args,
        world.snapshot,
      ),
      ...moving,
      ...(changes.some((change) => change.raisesV1)
        ? unreadLocks(inventory, DECISIVE, 'whether the v1 pools can take traffic there is not known')
        : []),
      ...notReady(changes, selected, world),
      ...lonely,
    ],
  };
}
