import { canonicalJson } from '../api/json.ts';
import type { PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { describeOwner } from '../api/owner.ts';
import { ref, refKey, sameRef, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, SERVICE } from '../api/resource.ts';
import { objectOf } from '../inventory/build.ts';
import { eppRefOf } from '../verify/epp.ts';
import { selectorOf } from '../verify/pool.ts';
import type { Drawing } from './drawing.ts';
import { someOf, type Line, type PictureNode, type Sign } from './picture.ts';
import { IN_DETAIL } from './scene.ts';

/** A pool of either group, whether or not it is there; returns its key. */
export function drawPool(drawing: Drawing, pool: Ref): string {
  if (drawing.has(pool)) return refKey(pool);
  const alpha = pool.group === ALPHA_GROUP;
  const object = objectOf(drawing.scene.inventory, pool);
  const detailed = drawing.scene.pools.length <= IN_DETAIL;
  const inside = object && !detailed ? behind(drawing, pool, object) : NOTHING;
  const key = drawing.object(pool, {
    kind: alpha ? 'alphaPool' : 'v1Pool',
    caption: alpha ? 'InferencePool v1alpha2' : 'InferencePool v1',
    lines: [...entryLines(drawing.scene.pools, pool, detailed), ...inside.lines],
    trouble: inside.trouble,
    doubt: inside.doubt,
  });
  if (object && detailed) drawBehind(drawing, pool, object, key);
  return key;
}

function entryLines(pools: readonly PoolEntry[], pool: Ref, detailed: boolean): Line[] {
  const entry = pools.find((one) => sameRef(one.ref, pool) || (one.v1 !== null && sameRef(one.v1, pool)));
  if (!entry) return [];
  if (entry.v1 !== null && sameRef(entry.v1, pool) && !sameRef(entry.ref, pool))
    return detailed ? [{ text: `takes over from ${entry.ref.name}`, own: true }] : [];
  return [
    { text: `phase ${entry.phase}` },
    ...(entry.owner ? [{ text: `owned by ${describeOwner(entry.owner)}`, own: true }] : []),
  ];
}

interface Inside {
  readonly lines: readonly Line[];
  readonly trouble: readonly Sign[];
  readonly doubt: readonly Sign[];
}

const NOTHING: Inside = { lines: [], trouble: [], doubt: [] };

function pickerOf(pool: Ref, object: KubeObject): Ref | null {
  const { service } = eppRefOf(object);
  return service === '' ? null : ref(SERVICE, pool.namespace, service);
}

function selectorText(object: KubeObject): string {
  const labels = Object.entries(selectorOf(object)).map(([name, value]) => `${name}=${value}`);
  return labels.length === 0 ? 'no selector' : someOf(labels, 2);
}

// With many pools: what stands behind one, as lines of it. What is wrong with them is wrong with the pool.
function behind(drawing: Drawing, pool: Ref, object: KubeObject): Inside {
  const { signs } = drawing;
  const picker = pickerOf(pool, object);
  const pickerSigns = picker ? signs.of(picker) : NOTHING;
  const serverSigns = signs.ofServers(pool);
  const pickerSeen = picker ? signs.seen(picker, 'epp-deployment-ready') : '';
  const serversSeen = signs.seen(pool, 'pods-ready');
  return {
    lines: [
      ...(pickerSeen === '' ? [] : [{ text: `endpoint picker: ${pickerSeen}` }]),
      ...(serversSeen === '' ? [] : [{ text: `model servers: ${serversSeen}` }]),
    ],
    trouble: [...pickerSigns.trouble, ...serverSigns.trouble],
    doubt: [...pickerSigns.doubt, ...serverSigns.doubt],
  };
}

function drawBehind(drawing: Drawing, pool: Ref, object: KubeObject, key: string): void {
  const { signs } = drawing;
  const picker = pickerOf(pool, object);
  if (picker) {
    const seen = signs.seen(picker, 'epp-deployment-ready');
    const lines = seen === '' ? [] : [{ text: seen }];
    drawing.edge(key, drawing.object(picker, { kind: 'picker', caption: 'Endpoint picker', lines }), 'picks');
  }
  const servers = `servers ${canonicalJson([pool.namespace, selectorOf(object)])}`;
  drawing.node(serversNode(drawing, servers, pool, object));
  drawing.edge(key, servers, 'selects');
}

function serversNode(drawing: Drawing, key: string, pool: Ref, object: KubeObject): PictureNode {
  const seen = drawing.signs.seen(pool, 'pods-ready');
  const name = selectorText(object);
  return {
    key,
    kind: 'servers',
    group: pool.namespace,
    title: name,
    caption: 'Model servers',
    lines: seen === '' ? [] : [{ text: `pods: ${seen}` }],
    ...drawing.signs.ofServers(pool),
    names: [name],
  };
}
