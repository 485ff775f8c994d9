import { ADVISED_RELATIONS, type PoolEntry, type Reference, type Relation } from '../api/inventory.ts';
import { ref, refKey, refOf, type Ref } from '../api/ref.ts';
import { OBJECTIVE, REWRITE, V1_POOL, type Resource } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import type { Drawing } from './drawing.ts';
import { someOf, type Line, type PictureNode } from './picture.ts';

/** More arrows than this from one box tell less than a number. */
const ARROWS = 4;

interface Pointing {
  readonly from: Ref;
  readonly relation: Relation | 'model';
  readonly to: readonly Ref[];
}

/** Whatever else points at the pools: models, objectives, policies, grants, monitors and the like. */
export function drawBeside(drawing: Drawing, detailed: boolean): void {
  const pointing = [...pointingModels(drawing), ...pointingReferences(drawing.scene.pools)];
  const drawn = pointing.filter(({ to }) => to.some((pool) => drawing.has(pool)));
  if (!detailed) {
    listBeside(drawing, drawn);
    return;
  }
  // Objects of one kind that say the same of the same pools are drawn as one.
  const alike = Map.groupBy(drawn, ({ from, relation, to }) =>
    JSON.stringify([from.group, from.kind, from.namespace, relation, to.map(refKey)]),
  );
  for (const [key, group] of alike) drawGroup(drawing, `beside ${key}`, group);
}

function drawGroup(drawing: Drawing, key: string, group: readonly Pointing[]): void {
  const { from, relation, to } = group[0]!;
  const names = group.map((one) => one.from.name);
  const signs = group.map((one) => drawing.signs.of(one.from));
  const lines: Line[] = [];
  if (names.length > 1) lines.push({ text: someOf(names), own: true });
  if (to.length > ARROWS) lines.push({ text: `about ${to.length} pools` });
  if (relation !== 'model' && ADVISED_RELATIONS.has(relation)) lines.push({ text: 'advice only' });
  drawing.node({
    key,
    kind: relation === 'model' ? 'models' : 'other',
    group: from.namespace,
    title: names.length > 1 ? `${names.length} × ${from.kind}` : names[0]!,
    caption: from.kind,
    lines,
    trouble: signs.flatMap(({ trouble }) => trouble),
    doubt: signs.flatMap(({ doubt }) => doubt),
    names,
  });
  if (to.length <= ARROWS)
    for (const pool of to) if (drawing.has(pool)) drawing.edge(key, refKey(pool), 'reference');
}

// With many pools: `also: 3 InferenceModel, GCPBackendPolicy`, as a line of each.
function listBeside(drawing: Drawing, pointing: readonly Pointing[]): void {
  const byPool = new Map<string, Map<string, number>>();
  for (const { from, to } of pointing)
    for (const pool of to) {
      const kinds = byPool.get(refKey(pool)) ?? new Map<string, number>();
      byPool.set(refKey(pool), kinds.set(from.kind, (kinds.get(from.kind) ?? 0) + 1));
    }
  for (const [key, kinds] of byPool) {
    const node = drawing.nodes.get(key);
    if (!node) continue;
    const words = [...kinds]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, number]) => (number > 1 ? `${number} ${kind}` : kind));
    drawing.nodes.set(key, withLine(node, { text: `also: ${words.join(', ')}` }));
  }
}

function withLine(node: PictureNode, line: Line): PictureNode {
  return { ...node, lines: [...node.lines, line] };
}

function pointingModels({ scene }: Drawing): Pointing[] {
  const models = scene.pools.flatMap((entry) =>
    entry.models.map((from): Pointing => ({ from, relation: 'model', to: [entry.ref] })),
  );
  const objectives = [OBJECTIVE, REWRITE].flatMap((kind) =>
    objectsOf(scene.inventory, kind).map((object): Pointing => {
      const poolRef = (object['spec']?.poolRef ?? {}) as { group?: string; name?: string };
      const target: Resource = { ...V1_POOL, group: poolRef.group ?? V1_POOL.group };
      return {
        from: refOf(object),
        relation: 'model',
        to: [ref(target, object.metadata.namespace ?? '', String(poolRef.name ?? ''))],
      };
    }),
  );
  return [...models, ...objectives];
}

// By object and relation, with all pools that it points at; routes are drawn for themselves.
function pointingReferences(pools: readonly PoolEntry[]): Pointing[] {
  const found = new Map<string, { from: Ref; relation: Relation; to: Map<string, Ref> }>();
  const add = ({ from, relation }: Reference, pool: Ref) => {
    if (relation === 'backendRef' || relation === 'mirror') return;
    const key = `${relation} ${refKey(from)}`;
    const one = found.get(key) ?? { from, relation, to: new Map<string, Ref>() };
    one.to.set(refKey(pool), pool);
    found.set(key, one);
  };
  for (const entry of pools) {
    for (const reference of entry.references) add(reference, entry.ref);
    if (entry.v1) for (const reference of entry.referencesV1) add(reference, entry.v1);
  }
  return [...found.values()].map(({ from, relation, to }) => ({ from, relation, to: [...to.values()] }));
}
