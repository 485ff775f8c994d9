import { EXIT, UserError } from '../api/errors.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace, kubectl } from '../api/kubectl.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { canonicalJson } from '../api/json.ts';
import { FIELD_MANAGER } from '../api/names.ts';
import type { FieldsManager, KubeObject } from '../api/object.ts';
import { describeRef, refKey, refOf, type Ref } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { specManagers } from '../inventory/owners/managers.ts';
import { driftOf, rulesKnown } from '../traffic/drift.ts';
import { pairsOf } from './routes.ts';

/** Seen in two looks in a row, it is no moment between two writes of theirs. */
const SEEN_TWICE = 2;

interface Known {
  readonly ref: Ref;
  readonly uid: string;
  readonly spec: string;
}

/** Watches while we migrate what others do to the pools and routes that we decided on. */
export class Rivals {
  private readonly pools: readonly Known[];
  private readonly remade = new Map<string, KubeObject>();
  private percent: number | null = null;
  private rules = new Map<string, ReadonlySet<string>>();
  private putBack: { readonly route: KubeObject; readonly rule: number } | null = null;
  private putBackSeen = 0;
  private addedSeen = false;

  constructor(entries: readonly PoolEntry[], inventory: Inventory) {
    this.pools = entries.flatMap(({ ref }) => {
      const pool = objectOf(inventory, ref);
      return pool ? [{ ref, uid: pool.metadata.uid ?? '', spec: canonicalJson(pool['spec']) }] : [];
    });
  }

  /** From now on these routes, as they were just brought to `percent`, have to stay there. */
  expect(percent: number, routes: readonly KubeObject[]): void {
    this.percent = percent;
    this.rules = new Map(routes.map((route) => [refKey(refOf(route)), new Set(rulesKnown(route))]));
    this.putBack = null;
    this.putBackSeen = 0;
    this.addedSeen = false;
  }

  /** @throws UserError (exit 3) that names the object and who wrote it, where going on would overwrite theirs */
  look(inventory: Inventory): void {
    this.lookAtPools(inventory);
    if (this.percent === null) return;
    const entries = inventory.pools.filter((entry) =>
      this.pools.some(({ ref }) => refKey(ref) === refKey(entry.ref)),
    );
    const [pairs, selected] = [pairsOf(inventory.pools), pairsOf(entries)];
    this.putBack = null;
    this.addedSeen = false;
    for (const route of objectsOf(inventory, HTTP_ROUTE)) {
      const known = this.rules.get(refKey(refOf(route))) ?? new Set<string>();
      const drift = driftOf(route, pairs, selected, this.percent, known);
      const [rule] = drift?.changed ?? [];
      if (rule !== undefined) this.putBack = { route, rule };
      if (drift && drift.added.length > 0) this.addedSeen = true;
    }
    this.putBackSeen = this.putBack ? this.putBackSeen + 1 : 0;
    if (this.putBackSeen >= SEEN_TWICE) this.stop();
  }

  /**
   * At the end of a step, on what was seen last. True: there are new rules that are not at the percent yet.
   * @throws UserError (exit 3)
   */
  added(): boolean {
    if (this.putBack) this.stop();
    return this.addedSeen;
  }

  /** Pools that somebody deleted and made again while we were at it: they would do so once more. */
  interlocks(): Interlock[] {
    return [...this.remade.values()].map((pool) => ({
      forceable: true,
      finding: {
        id: 'pool-recreated',
        severity: 'error',
        ref: refOf(pool),
        field: 'metadata.uid',
        message: `It was deleted and made again (uid ${pool.metadata.uid}) while it was migrated, ${lastWriter(pool)}; whoever did that would make it again.`,
        hint: `Take it out of its source first: ${show(pool)}`,
      },
    }));
  }

  // The v1 pool, its objectives and its chart's values were made from the old one.
  private lookAtPools(inventory: Inventory): void {
    for (const { ref, uid, spec } of this.pools) {
      const live = objectOf(inventory, ref);
      if (!live || live.metadata.uid === uid) continue;
      if (canonicalJson(live['spec']) !== spec)
        throw new UserError(
          `Stopped${this.where()}: ${describeRef(ref)} was deleted and made again with another spec (uid ${live.metadata.uid}), ${lastWriter(live)}. What was made for v1 comes from the old one. Traffic stays as it is.`,
          {
            exitCode: EXIT.refused,
            hint: `Compare: kubectl infpool convert ${shellWord(`${ref.namespace}/${ref.name}`)} -o diff; see who makes it: ${show(live)}; back: kubectl infpool rollback${inNamespace(ref.namespace)}`,
          },
        );
      this.remade.set(refKey(ref), live);
    }
  }

  private stop(): never {
    const { route, rule } = this.putBack!;
    throw new UserError(
      `Stopped${this.where()}: rule ${rule} of ${describeRef(refOf(route))} was changed after we brought it to ${this.percent} percent, ${lastWriter(route)}. It was left as they made it.`,
      {
        exitCode: EXIT.refused,
        hint: `Look: ${show(route)}; change the weights at their source, or have it leave them alone, then run this again: it goes on from there.`,
      },
    );
  }

  private where(): string {
    return this.percent === null ? '' : ` at ${this.percent} percent`;
  }
}

/** `last written by argocd-controller (Apply, 2026-01-01T00:00:00Z)`: who wrote the spec last, as far as it is noted. */
export function lastWriter(object: KubeObject): string {
  const managers = specManagers(object.metadata.managedFields ?? []);
  const last = managers.reduce<FieldsManager | null>(
    (latest, entry) => (latest && (latest.time ?? '') > (entry.time ?? '') ? latest : entry),
    null,
  );
  if (!last?.manager) return 'by whom is not recorded';
  const other = last.manager === FIELD_MANAGER ? `another run of ${FIELD_MANAGER}` : last.manager;
  return `last written by ${other} (${last.operation ?? 'Update'}, ${last.time ?? 'time not recorded'})`;
}

function show(object: KubeObject): string {
  return `${kubectl('get', refOf(object))} -o yaml --show-managed-fields`;
}
