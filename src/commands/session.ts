import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Finding } from '../api/finding.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory } from '../api/inventory.ts';
import { listOf, type ListRead, type Snapshot } from '../api/read.ts';
import { ALPHA_POOL, qualifiedName, V1_POOL, type Resource } from '../api/resource.ts';
import { buildInventory } from '../inventory/build.ts';
import { ELSEWHERE, unknownElsewhere, withElsewhere } from '../inventory/elsewhere.ts';
import type { GivenPair } from '../inventory/pairs.ts';
import { INFERENCE_CRDS, INVENTORY_RESOURCES } from '../inventory/wanted.ts';
import { findingsText, moreOnFindings } from '../report/findings.ts';
import { safe } from '../report/text.ts';
import type { Args } from './command.ts';
import { on, text } from './command.ts';
import type { Context } from './context.ts';
import { unfolded, verbatim } from './said.ts';
import { readConnection } from './flags.ts';
import { requireNamespace } from './namespaces.ts';
import { requirePairs } from './pairs.ts';

/** Connects, hands the cluster over, and closes it whatever happens. */
export async function withCluster<T>(
  args: Args,
  context: Context,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await context.connect(readConnection(args), text(args, 'field-manager'));
  try {
    return await work(cluster);
  } finally {
    cluster.close();
  }
}

export interface World {
  readonly snapshot: Snapshot;
  readonly inventory: Inventory;
}

/** One read of everything a command looks at. '' for all namespaces. `given` are the pairs of `--pair`. */
export async function readWorld(
  cluster: Cluster,
  namespace: string,
  more: readonly Resource[] = [],
  given: readonly GivenPair[] = [],
): Promise<World> {
  // What is said of one namespace does not hang on kinds that lie in none.
  const wanted = more.filter(({ namespaced }) => namespaced || namespace === '');
  const near = await cluster.snapshot({
    resources: [...INVENTORY_RESOURCES, ...wanted],
    crds: INFERENCE_CRDS,
    namespace,
  });
  const wide = namespace === '' ? new Map<string, ListRead>() : await readElsewhere(cluster, near);
  const snapshot = withElsewhere(near, wide);
  const inventory = buildInventory(snapshot, given);
  await requireNamespace(namespace, inventory, cluster);
  requirePairs(given, inventory);
  const unknown = unknownElsewhere(near, wide, [ALPHA_POOL, V1_POOL]);
  return { snapshot, inventory: { ...inventory, findings: [...inventory.findings, ...unknown] } };
}

async function readElsewhere(cluster: Cluster, near: Snapshot): Promise<Map<string, ListRead>> {
  const kinds = ELSEWHERE.filter((kind) => listOf(near, kind).state === 'ok');
  const reads = await Promise.all(kinds.map((kind) => cluster.list(kind, '')));
  return new Map(kinds.map((kind, index) => [qualifiedName(kind), reads[index]!]));
}

/** The namespace that a command which reads looks at: all of them unless `-n` was given. */
export function readScope(args: Args): string {
  return on(args, 'all-namespaces') ? '' : (text(args, 'namespace') ?? '');
}

/** The namespace that a command which writes works in: the current one unless told; '' with `-A`. */
export function writeScope(args: Args, cluster: Cluster): string {
  // An empty one, of a variable that is not set, is none, as in kubectl: it must not mean all of them.
  return on(args, 'all-namespaces') ? '' : text(args, 'namespace') || cluster.namespace;
}

// Whom it was told already where more is said of findings: one line a run is enough.
const toldMore = new WeakSet<Context>();

export function showFindings(findings: readonly Finding[], context: Context): void {
  context.stderr.write(findingsText(findings, unfolded(context.style)));
  if (findings.length === 0 || toldMore.has(context)) return;
  toldMore.add(context);
  context.stderr.write(moreOnFindings(findings, unfolded(context.style)));
}

/** 4 where something could not be read, so that what was said may be wrong. */
export function completeness(inventory: Inventory): ExitCode {
  return inventory.unread.length > 0 ? EXIT.incomplete : EXIT.ok;
}

/** Refuses (exit 3) while an interlock holds. With `--force` those that may be passed are passed, each by name. */
export function enforce(interlocks: readonly Interlock[], args: Args, context: Context): void {
  const force = on(args, 'force');
  const holding = interlocks.filter((interlock) => !(force && interlock.forceable));
  const passed = interlocks.filter((interlock) => force && interlock.forceable);
  if (holding.length > 0) {
    showFindings(
      holding.map((interlock) => interlock.finding),
      context,
    );
    for (const { patch } of holding)
      if (patch) verbatim(context.stderr, `\nThe change, for its source:\n${patch}\n`);
    const forceable = holding.every((interlock) => interlock.forceable);
    throw new UserError('Refused: nothing was written.', {
      exitCode: EXIT.refused,
      hint: forceable
        ? 'Deal with what is said above and run this again, or go past all of it with --force.'
        : '',
    });
  }
  for (const { finding } of passed)
    context.stderr.write(`--force goes past ${finding.id}: ${safe(finding.message)}\n`);
}
