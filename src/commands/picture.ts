import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { Snapshot } from '../api/read.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { refKey, type Ref } from '../api/ref.ts';
import type { Check } from '../api/verification.ts';
import { objectsOf } from '../inventory/build.ts';
import { referencesOf } from '../inventory/references.ts';
import { toDot } from '../picture/dot.ts';
import { toMermaid } from '../picture/mermaid.ts';
import type { Picture } from '../picture/picture.ts';
import { toSvg } from '../picture/svg.ts';
import { pictureOf } from '../picture/topology.ts';
import { readinessChecks, subjectOf, verifyPools } from '../verify/verify.ts';
import type { PictureFormat } from './pictureFormats.ts';

export interface Drawn {
  readonly title: string;
  readonly inventory: Inventory;
  readonly pools: readonly PoolEntry[];
  /** What it was built from, with VERIFY_RESOURCES; null for manifests, of which nothing is checked. */
  readonly snapshot: Snapshot | null;
}

export function pictureText(format: PictureFormat, drawn: Drawn): string {
  const picture = livePicture(drawn);
  return { mermaid: toMermaid, dot: toDot, svg: (one: Picture) => toSvg(one) }[format](picture);
}

/** The picture of what is, with what is broken in it. */
export function livePicture({ title, inventory, pools, snapshot }: Drawn): Picture {
  const scope = snapshot?.namespace ?? '';
  return pictureOf({
    title,
    notes: notesOf(inventory, pools),
    inventory,
    pools,
    checks: snapshot ? poolChecks(pools, inventory, snapshot) : [],
    lookedFor: (ref) =>
      snapshot !== null && (scope === '' || ref.namespace === scope) && !isUnreadKind(inventory, ref),
  });
}

/** The checks of `verify` that need no request, and for each alpha pool that still serves whether it can. */
function poolChecks(pools: readonly PoolEntry[], inventory: Inventory, snapshot: Snapshot): Check[] {
  const routes = objectsOf(inventory, HTTP_ROUTE);
  const leading = (pool: Ref) =>
    routes.filter((route) => referencesOf(route).some((one) => refKey(one.pool) === refKey(pool)));
  const beside = pools.filter((entry) => refKey(subjectOf(entry)) !== refKey(entry.ref));
  return [
    ...verifyPools(pools, inventory, snapshot),
    ...beside.flatMap(({ ref }) => readinessChecks(ref, inventory, snapshot, leading(ref))),
  ];
}

function isUnreadKind({ unread }: Inventory, ref: Ref): boolean {
  const plural =
    ref.kind === 'HTTPRoute' || ref.kind === 'Gateway' || ref.kind === 'InferencePool'
      ? `${ref.kind.toLowerCase()}s.${ref.group}`
      : '';
  return plural !== '' && unread.some(({ resource }) => resource === plural);
}

function notesOf(inventory: Inventory, pools: readonly PoolEntry[]): string[] {
  const none = pools.length > 0 ? [] : inventory.checked;
  return [
    ...none,
    ...inventory.unread.map(({ resource, message }) => `Could not check ${resource}: ${message}`),
  ];
}
