import type { ModelEntry, Phase, PoolEntry, Reference } from '../api/inventory.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { compareRefs, ref, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_POOL } from '../api/resource.ts';
import { ownerOf } from './owner.ts';
import type { Counterpart } from './pairs.ts';
import { referencesByPool, type PoolReference } from './references.ts';
import { trafficShare } from './share.ts';

interface Sources {
  readonly alphaPools: readonly KubeObject[];
  readonly v1Pools: readonly KubeObject[];
  readonly routes: readonly KubeObject[];
  readonly pairs: ReadonlyMap<string, Counterpart>;
  readonly models: readonly ModelEntry[];
  readonly references: readonly PoolReference[];
}

/** An entry for each alpha pool, and one (phase Done) for each v1 pool whose alpha pool is gone. */
export function poolEntries(sources: Sources): PoolEntry[] {
  const alphaRefs = sources.alphaPools.map(refOf);
  const alphaKeys = new Set(alphaRefs.map(refKey));
  const done = sources.v1Pools.filter((pool) => isDone(pool, alphaKeys));
  const references = referencesByPool(sources.references, [...alphaRefs, ...sources.v1Pools.map(refOf)]);
  const models = Map.groupBy(sources.models, (model) => refKey(model.pool));
  const routes = routesByPool(sources);
  const at = (ref: Ref | null) => (ref ? (routes.get(refKey(ref)) ?? []) : []);

  const entry = (object: KubeObject, v1: Ref | null, isDone: boolean): PoolEntry => {
    const self = refOf(object);
    const share = trafficShare([...new Set([...at(self), ...at(v1)])], isDone ? null : self, v1);
    const alphaReferences = isDone ? [] : (references.get(refKey(self)) ?? []);
    return {
      ref: self,
      v1,
      phase: isDone ? 'Done' : phaseOf(v1, share, alphaReferences),
      trafficPercentV1: share,
      models: (models.get(refKey(self)) ?? []).map((model) => model.ref),
      references: alphaReferences,
      referencesV1: v1 ? (references.get(refKey(v1)) ?? []) : [],
      owner: ownerOf(object),
    };
  };

  return [
    ...sources.alphaPools.map((pool) => {
      const pair = sources.pairs.get(refKey(refOf(pool)));
      return entry(pool, pair?.state === 'one' ? pair.v1 : null, false);
    }),
    ...done.map((pool) => entry(pool, refOf(pool), true)),
  ].sort((a, b) => compareRefs(a.ref, b.ref));
}

// Only the routes that name a pool matter to it; with thousands of both, looking at all of them each time is quadratic.
function routesByPool(sources: Sources): Map<string, KubeObject[]> {
  const objects = new Map(sources.routes.map((route) => [refKey(refOf(route)), route]));
  const byPool = new Map<string, KubeObject[]>();
  for (const reference of sources.references) {
    const isTraffic = reference.relation === 'backendRef' || reference.relation === 'mirror';
    const route = isTraffic ? objects.get(refKey(reference.from)) : undefined;
    if (!route) continue;
    const key = refKey(reference.pool);
    const list = byPool.get(key);
    if (list) list.push(route);
    else byPool.set(key, [route]);
  }
  return byPool;
}

function isDone(v1: KubeObject, alphaKeys: ReadonlySet<string>): boolean {
  const from = v1.metadata.annotations?.[MIGRATED_FROM_ANNOTATION];
  return from !== undefined && !alphaKeys.has(refKey(ref(ALPHA_POOL, v1.metadata.namespace ?? '', from)));
}

function phaseOf(v1: Ref | null, share: number | null, alpha: readonly Reference[]): Phase {
  if (!v1) return 'Preview';
  if (share === null || share === 0) return 'Parallel';
  // A rule that still mirrors to the alpha pool is not done with it.
  return share === 100 && !alpha.some(({ relation }) => relation === 'mirror') ? 'Switched' : 'Splitting';
}
