import type { Cluster } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { Plan, Step } from '../api/plan.ts';
import { isUnread } from '../api/read.ts';
import { refKey, refOf } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { shellWord } from '../api/shellWord.ts';
import { planCleanup } from '../cleanup/plan.ts';
import { objectsOf } from '../inventory/build.ts';
import { toMermaid } from '../picture/mermaid.ts';
import type { Picture } from '../picture/picture.ts';
import { toSvg } from '../picture/svg.ts';
import type { DrawnPicture, ReportData, ReportPhase } from '../report/reportData.ts';
import { timelineOf } from '../rollout/timeline.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { patchStep } from '../traffic/patch.ts';
import { splitRoute } from '../traffic/split.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { ADVISORY_RESOURCES } from '../inventory/advisory/wanted.ts';
import type { MigrationRecord } from '../api/record.ts';
import { verdictText } from '../report/inventory.ts';
import { text, type Args } from './command.ts';
import { cleanupTarget } from './cleanupReads.ts';
import type { Context } from './context.ts';
import { conversionOf, type Prepared } from './conversion.ts';
import { flagsToRepeat } from './flags.ts';
import { nextCommand } from './next.ts';
import { givenPairs } from './pairs.ts';
import { planPhaseOne } from './phaseOne.ts';
import { livePicture } from './picture.ts';
import { plannedInventory, plannedPicture, plannedSnapshot } from './planned.ts';
import { selectPools } from './select.ts';
import { readScope, readWorld, type World } from './session.ts';
import { underway } from './underway.ts';
import { verifyEntries } from './verification.ts';

/** Reads the cluster, plans and checks, and writes nothing: all that a report says. */
export async function gatherReport(
  cluster: Cluster,
  args: Args,
  context: Context,
  record: MigrationRecord | null,
): Promise<ReportData> {
  const scope = readScope(args);
  const world = await readWorld(
    cluster,
    scope,
    [...ADVISORY_RESOURCES, ...VERIFY_RESOURCES],
    givenPairs(args),
  );
  const { snapshot } = world;
  const pools = selectPools(world.inventory, args.positionals, {
    namespace: scope,
    selector: text(args, 'selector') ?? '',
  });
  // What plans works in one namespace unless told; a report looks at all of them.
  const wide = scope === '' ? { ...args, 'all-namespaces': true } : args;
  const prepared = await conversionOf(cluster, wide, context);
  const inventory = allUnread(world, prepared);
  const [arrival, moves, removal] = await plans(prepared, world, cluster, args);
  const made = [...arrival.plan.objects, ...moves.plan.objects];
  const repeat = flagsToRepeat(args, shellWord);
  const [title = ''] = verdictText(inventory).split('\n');
  const verification =
    pools.length === 0
      ? null
      : await underway(context, 'checking, with requests of our own', () =>
          verifyEntries(pools, world, args),
        );
  return {
    generatedAt: context.now().toISOString(),
    server: cluster.server,
    version: context.version.version,
    scope: scope === '' ? 'in all namespaces' : `in namespace ${scope}`,
    release: prepared.options.release.version,
    inventory,
    pools,
    status: pools.map((entry) => ({
      ref: entry.ref,
      v1: entry.v1,
      phase: entry.phase,
      trafficPercentV1: entry.trafficPercentV1,
      next: nextCommand(entry, inventory, repeat, scope === ''),
    })),
    findings: unique([
      ...inventory.findings,
      ...arrival.plan.findings,
      ...moves.plan.findings,
      ...removal.plan.findings,
    ]),
    verification,
    now: drawn(livePicture({ title: `Now: ${title}`, inventory, pools, snapshot }), 'picture-now'),
    planned: planned(world, prepared, pools, made),
    phases: [arrival, moves, removal],
    timelines: (record?.runs ?? []).map(timelineOf),
  };
}

// What the checks read, and what a plan for one namespace reads of others: not known is not known, whoever asked.
function allUnread({ inventory, snapshot }: World, { inventory: planned }: Prepared): Inventory {
  const read = [...snapshot.lists].flatMap(([resource, list]) =>
    isUnread(list) ? [{ resource, state: list.state, message: list.message }] : [],
  );
  const known = new Set<string>();
  const unread = [...inventory.unread, ...planned.unread, ...read].filter(
    ({ resource }) => !known.has(resource) && known.add(resource),
  );
  return { ...inventory, unread };
}

function drawn(picture: Picture, id: string): DrawnPicture {
  return { svg: toSvg(picture, { id, styled: false }), mermaid: toMermaid(picture) };
}

function planned(
  { snapshot }: World,
  prepared: Prepared,
  pools: readonly PoolEntry[],
  made: readonly KubeObject[],
): DrawnPicture | null {
  const live = new Set(pools.filter(({ phase }) => phase !== 'Done').map(({ ref }) => refKey(ref)));
  if (live.size === 0) return null;
  const after: Inventory = plannedInventory(plannedSnapshot(snapshot, prepared, made));
  // The pools of the report, under the names that they will have.
  const v1s = new Set(
    prepared.conversion.units.flatMap(({ alpha, pool }) =>
      pool && live.has(refKey(refOf(alpha))) ? [refKey(refOf(pool))] : [],
    ),
  );
  const kept = new Set(pools.map(({ ref }) => refKey(ref)));
  const entries = after.pools.filter(({ ref, v1 }) => kept.has(refKey(ref)) || v1s.has(refKey(v1 ?? ref)));
  return drawn(plannedPicture(after, entries), 'picture-planned');
}

type Phases = readonly [arrival: ReportPhase, moves: ReportPhase, removal: ReportPhase];

async function plans(prepared: Prepared, world: World, cluster: Cluster, args: Args): Promise<Phases> {
  const arrival = await attempted(() => planPhaseOne(prepared, cluster, args), {
    objects: prepared.objects,
    findings: prepared.conversion.findings,
  });
  const removal = await attempted(() => removalPlan(prepared, world, cluster), { objects: [], findings: [] });
  return [
    {
      title: 'v1 beside alpha',
      what: 'CRDs by what the cluster needs, the v1 pools with their endpoint pickers, objectives, and what points at the pools. No traffic moves. By itself: kubectl infpool convert --apply; as a part of all: kubectl infpool migrate.',
      ...arrival,
    },
    {
      title: 'traffic',
      what: 'The routes as they will be in the end. On the way there, migrate goes through --steps (10, 50, 100 percent), watches each, and puts the original backendRefs back if a gate fails; split N sets one share by hand, rollback undoes it.',
      plan: trafficPlan(prepared, world),
      missing: '',
    },
    {
      title: 'cleanup',
      what: 'What goes when all traffic is on v1, after a backup that restore can put back: kubectl infpool cleanup. The two alpha CRDs go with --crds, when no object of them is left.',
      ...removal,
    },
  ];
}

// What can't be planned now (CRDs that could not be fetched, a Helm that is not there) is said in its place.
async function attempted(
  work: () => Promise<Plan>,
  known: Pick<Plan, 'objects' | 'findings'>,
): Promise<Pick<ReportPhase, 'plan' | 'missing'>> {
  try {
    return { plan: await work(), missing: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { plan: { ...known, steps: [] }, missing: `${error.message} ${error.hint}`.trim() };
  }
}

function trafficPlan({ conversion }: Prepared, { inventory }: World): Plan {
  const pairs: PoolPair[] = conversion.units.flatMap(({ alpha, pool }) =>
    pool ? [{ alpha: refOf(alpha), v1: refOf(pool) }] : [],
  );
  const changes = objectsOf(inventory, HTTP_ROUTE).map((route) => splitRoute(route, pairs, pairs, 100));
  const changed = changes.filter((change) => change.changed);
  return {
    objects: changed.map(({ after }) => after),
    steps: changed.map((change): Step =>
      patchStep(change, 'all that goes to the alpha pool goes to the v1 one'),
    ),
    findings: changes.flatMap(({ findings }) => findings),
  };
}

async function removalPlan({ pools }: Prepared, world: World, cluster: Cluster): Promise<Plan> {
  const owners = 'helm-uninstall';
  const targets = await Promise.all(pools.map((entry) => cleanupTarget(entry, world, cluster, owners)));
  const { steps, findings } = planCleanup(targets, world.inventory, { owners, crds: false, crdObjects: [] });
  return { objects: [], steps, findings };
}

// The same finding may come from the Inventory and from what is planned.
function unique(findings: ReportData['findings']): ReportData['findings'] {
  return [
    ...new Map(
      findings.map((finding) => [
        JSON.stringify([finding.id, finding.ref, finding.field, finding.message]),
        finding,
      ]),
    ).values(),
  ];
}
