// Names of what is in the cluster, as the commands take them.
import { MIGRATED_FROM_ANNOTATION, ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { Candidate } from './spec.ts';

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly about: string;
}

/** The alpha pools, and the v1 pools whose alpha pool is gone: what a POOL argument can mean. */
export function poolCandidates(
  alpha: readonly KubeObject[],
  v1: readonly KubeObject[],
  typed: string,
  given: readonly string[],
): Candidate[] {
  const there = new Set(alpha.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const left = v1.flatMap((pool) => {
    const from = pool.metadata.annotations?.[MIGRATED_FROM_ANNOTATION];
    if (from === undefined || there.has(`${pool.metadata.namespace}/${from}`)) return [];
    return [named(pool, `v1 pool, from ${from}`)];
  });
  return asArguments([...alpha.map((pool) => named(pool, 'v1alpha2 pool')), ...left], typed, given);
}

/** Routes that send requests to a pool of either version, or did before they were changed. */
export function routeCandidates(
  routes: readonly KubeObject[],
  typed: string,
  given: readonly string[],
): Candidate[] {
  const concerned = routes.flatMap((route) => {
    const pools = poolsOf(route);
    const changed = route.metadata.annotations?.[ORIGINAL_REFS_ANNOTATION] !== undefined;
    if (pools.length === 0 && !changed) return [];
    return [named(route, pools.length > 0 ? `sends to ${[...new Set(pools)].join(', ')}` : '')];
  });
  return asArguments(concerned, typed, given);
}

function poolsOf(route: KubeObject): string[] {
  const { rules } = (route['spec'] ?? {}) as {
    rules?: { backendRefs?: { kind?: string; name?: string }[] }[];
  };
  const refs = (Array.isArray(rules) ? rules : []).flatMap((rule) => rule?.backendRefs ?? []);
  return refs.flatMap((ref) => (ref?.kind === 'InferencePool' && ref.name ? [ref.name] : []));
}

/** `OLD=` for each alpha pool that has none yet, and once that is typed `OLD=NEW`. */
export function pairCandidates(
  alpha: readonly KubeObject[],
  newNames: (old: KubeObject) => readonly string[],
  typed: string,
  given: readonly string[],
): Candidate[] {
  const paired = new Set(given.map((pair) => pair.split('=')[0]));
  const slash = typed.includes('/');
  const olds = alpha
    .map((pool) => ({
      pool,
      old: slash ? `${pool.metadata.namespace}/${pool.metadata.name}` : pool.metadata.name,
    }))
    .filter(({ old }) => !paired.has(old));
  if (!typed.includes('=')) return olds.map(({ old }) => ({ value: `${old}=`, about: 'v1alpha2 pool' }));
  return olds
    .filter(({ old }) => typed.startsWith(`${old}=`))
    .flatMap(({ pool, old }) => newNames(pool).map((name) => ({ value: `${old}=${name}`, about: '' })));
}

/** The modelNames of InferenceModels. */
export function modelCandidates(models: readonly KubeObject[]): Candidate[] {
  return models.flatMap((model) => {
    const { modelName } = (model['spec'] ?? {}) as { modelName?: unknown };
    return typeof modelName === 'string' ? [{ value: modelName, about: model.metadata.name }] : [];
  });
}

function named({ metadata }: KubeObject, about: string): Named {
  return { namespace: metadata.namespace ?? '', name: metadata.name, about };
}

/** By their names; with the namespace where two have the same, and for who began to type it. Not those given already. */
function asArguments(objects: readonly Named[], typed: string, given: readonly string[]): Candidate[] {
  const count = new Map<string, number>();
  for (const { name } of objects) count.set(name, (count.get(name) ?? 0) + 1);
  return objects
    .filter(({ namespace, name }) => {
      const isOnly = count.get(name) === 1;
      return !given.includes(`${namespace}/${name}`) && !(isOnly && given.includes(name));
    })
    .map(({ namespace, name, about }) => {
      const inFull = typed.includes('/') || count.get(name)! > 1;
      return {
        value: inFull ? `${namespace}/${name}` : name,
        about: [about, inFull ? '' : `in ${namespace}`].filter(Boolean).join(', '),
      };
    });
}
