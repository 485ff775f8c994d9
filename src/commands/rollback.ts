import type { Cluster } from '../api/cluster.ts';
import { EXIT, type ExitCode } from '../api/errors.ts';
import { inNamespace } from '../api/kubectl.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread, listOf } from '../api/read.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, DEPLOYMENT, ENDPOINT_SLICE, HTTP_ROUTE, SERVICE } from '../api/resource.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { referencesOf } from '../inventory/references.ts';
import { readOriginals } from '../traffic/original.ts';
import { patchStep } from '../traffic/patch.ts';
import { rollbackRoute, type RouteChange } from '../traffic/split.ts';
import { eppChecks } from '../verify/epp.ts';
import { claimsOn, clearClaims } from './claimed.ts';
import type { Args, Command } from './command.ts';
import { readForWriting } from './connected.ts';
import type { Context } from './context.ts';
import { execute } from './execute.ts';
import { connectionFlags, outputFlag, scopeFlags, writeFlags } from './flags.ts';
import { givenPairs } from './pairs.ts';
import { pairsOf, routeNamed } from './routes.ts';
import { couldNotRead } from './readWhole.ts';
import { ATTEMPTS, keptChanging } from './shift.ts';
import { notExpressible } from './shiftInterlocks.ts';
import { enforce, showFindings, withCluster, writeScope, type World } from './session.ts';
import { tellUnread } from './unread.ts';

export const rollback: Command = {
  name: 'rollback',
  positionals: '[ROUTE...]',
  summary: 'Put the original backendRefs back, exactly, from the annotation',
  description:
    'Works after any split, after 100 too, and from any machine: the original refs are kept in the route itself. The v1 pools stay where they are.',
  flags: {
    ...scopeFlags,
    ...outputFlag(['table', 'json', 'yaml', 'diff']),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [
    ['rollback', 'Every split route of the namespace'],
    ['rollback llm-route --yes', 'One route, without a question'],
  ],
  run: (args, context) => withCluster(args, context, (cluster) => rollBack(cluster, args, context)),
};

/** Rolls back the routes that the arguments name, or all of the scope that remember something. */
export async function rollBack(cluster: Cluster, args: Args, context: Context): Promise<ExitCode> {
  for (let attempt = 1; ; attempt++) {
    const namespace = writeScope(args, cluster);
    const world = await readForWriting(cluster, namespace, context, givenPairs(args), PICKERS);
    const { inventory } = world;
    if (attempt === 1) tellUnread(inventory, context);
    const routes = routesToRollBack(inventory, args, namespace);
    const changes = routes.map((route) => rollbackRoute(route, pairsOf(inventory.pools)));
    const findings = changes.flatMap((change) => change.findings);
    showFindings(
      findings.filter((finding) => finding.severity !== 'error'),
      context,
    );
    const claims = await claimsOn(cluster, alphaPoolsOf(changes), context);
    enforce([...notExpressible(changes), ...interlocks(changes, world), ...claims.interlocks], args, context);
    const changed = changes.filter((change) => change.changed);
    if (changed.length === 0) {
      context.stderr.write(
        `Nothing to roll back: no route ${namespace === '' ? '' : `of namespace ${namespace} `}remembers other backendRefs.\n`,
      );
      return EXIT.ok;
    }
    const result = await execute({
      plan: {
        objects: changed.map((change) => change.after),
        steps: changed.map((change) => patchStep(change, 'the original backendRefs')),
        findings,
      },
      cluster,
      args: attempt === 1 ? args : { ...args, yes: true },
      context,
      replans: true,
      question: 'Put the original backendRefs back?',
    });
    if (result.state === 'shown') return result.exitCode;
    if (result.conflicts.length === 0) {
      await clearClaims(cluster, claims, context);
      context.stderr.write(`The original backendRefs are back.\nCheck: ${checkOf(changed)}\n`);
      return EXIT.ok;
    }
    if (attempt === ATTEMPTS) throw await keptChanging(cluster, result.conflicts);
    context.stderr.write('A route was changed by someone else meanwhile: reading and planning again.\n');
  }
}

// The Gateway takes a moment to follow: verify says when it has, and sends requests of its own.
function checkOf(changed: readonly RouteChange[]): string {
  const [one, ...others] = new Set(changed.map(({ route }) => route.metadata.namespace ?? ''));
  return `kubectl infpool verify${others.length > 0 ? ' -A' : inNamespace(one)}`;
}

function routesToRollBack(inventory: Inventory, args: Args, namespace: string): KubeObject[] {
  if (args.positionals.length > 0)
    return args.positionals.map((name) => routeNamed(name, inventory, namespace));
  const unread = inventory.unread.find((entry) => entry.resource.startsWith('httproutes.'));
  if (unread) throw couldNotRead('HTTPRoutes', unread);
  return objectsOf(inventory, HTTP_ROUTE).filter(
    (route) =>
      (namespace === '' || route.metadata.namespace === namespace) && readOriginals(route).state !== 'none',
  );
}

/** What tells whether the alpha endpoint pickers can take the traffic. */
const PICKERS = [SERVICE, DEPLOYMENT, ENDPOINT_SLICE];
const DOWN = new Set(['epp-service-found', 'epp-deployment-ready', 'epp-endpoints']);

function targetsOf(changes: readonly RouteChange[]) {
  return changes
    .filter((change) => change.changed)
    .flatMap(({ after }) =>
      referencesOf(after)
        .filter(({ pool, relation }) => relation === 'backendRef' && pool.group === ALPHA_GROUP)
        .map(({ pool, path }) => ({ pool, path, route: refOf(after) })),
    );
}

function alphaPoolsOf(changes: readonly RouteChange[]): Ref[] {
  return [...new Map(targetsOf(changes).map(({ pool }) => [refKey(pool), pool])).values()];
}

// Sending traffic back to a pool that is gone, or that nobody picks endpoints for, would drop it.
function interlocks(changes: readonly RouteChange[], { inventory, snapshot }: World): Interlock[] {
  const targets = targetsOf(changes);
  // What can't be told must not stand in the way back.
  const gone = isUnread(listOf(snapshot, ALPHA_POOL))
    ? []
    : targets.filter(({ pool }) => !objectOf(inventory, pool));
  const there = new Map(targets.map(({ pool }) => [refKey(pool), objectOf(inventory, pool)]));
  const down = [...there.values()]
    .flatMap((pool) => (pool ? eppChecks(pool, snapshot) : []))
    .filter(({ id, verdict }) => verdict === 'fail' && DOWN.has(id));
  return [
    ...gone.map(({ pool, path, route }) => ({
      forceable: true,
      finding: {
        id: 'alpha-pool-gone' as const,
        severity: 'error' as const,
        ref: route,
        field: path,
        message: `The alpha pool ${pool.namespace}/${pool.name} that it would point at again is not there; its requests would fail.`,
        hint: 'Put it back first: kubectl infpool restore -f BACKUP',
      },
    })),
    ...down.map(({ subject, evidence, hint }) => ({
      forceable: true,
      finding: {
        id: 'alpha-not-ready' as const,
        severity: 'error' as const,
        ref: subject,
        field: '',
        message: `The alpha endpoint picker that the traffic would go back to is not ready: ${evidence}. Requests would fail.`,
        hint,
      },
    })),
  ];
}
