import type { KubeObject } from '../../api/object.ts';
import { ref, refKey, refOf } from '../../api/ref.ts';
import { ALPHA_POOL, SERVICE } from '../../api/resource.ts';

export interface Rewrites {
  /** By refKey of the alpha pool: the v1 pool (as the conversion makes it) that it becomes. */
  readonly pools: ReadonlyMap<string, KubeObject>;
  /** By refKey of the InferenceModel: the objects it becomes: an InferenceObjective, perhaps an InferenceModelRewrite. */
  readonly models: ReadonlyMap<string, readonly KubeObject[]>;
  /**
   * By refKey of an alpha endpoint picker's Service: the name of the one that takes over. Those of alpha pools in the
   * text itself are known without; DestinationRules in other files need it. {@link rewritesOf} fills it in.
   */
  readonly pickers?: ReadonlyMap<string, string>;
  /**
   * refKeys of objects that other files hold already, of those that are applied together with this one (not of another
   * environment's). What an alpha object would become is not written a second time; the alpha document is taken out
   * instead, and a finding says so. Those of the text itself are known without.
   */
  readonly present?: ReadonlySet<string>;
}

/** An alpha pool with what it becomes; null where it can't be converted. */
export interface Converted {
  readonly alpha: KubeObject;
  readonly pool: KubeObject | null;
  readonly others: readonly KubeObject[];
}

/** Everything that a rewrite goes by, for pools as they were converted and the InferenceModels that point at them. */
export function rewritesOf(
  units: readonly Converted[],
  models: readonly KubeObject[],
  present: ReadonlySet<string> = new Set(),
): Rewrites {
  const done = units.flatMap(({ alpha, pool, others }) => (pool ? [{ alpha, pool, others }] : []));
  // An objective and a rewrite have the name and namespace of the InferenceModel that they come from.
  const at = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
  const others = Map.groupBy(
    done.flatMap((unit) => unit.others),
    at,
  );
  return {
    pools: new Map(done.map(({ alpha, pool }) => [refKey(refOf(alpha)), pool])),
    models: new Map(
      models.flatMap((model) => {
        const becomes = others.get(at(model));
        return becomes ? [[refKey(refOf(model)), becomes] as const] : [];
      }),
    ),
    pickers: pickersOf(done),
    present,
  };
}

function pickersOf(pairs: readonly { alpha: KubeObject; pool: KubeObject }[]): Map<string, string> {
  const pickers = new Map<string, string>();
  for (const { alpha, pool } of pairs) {
    const [old, name] = [alpha['spec']?.extensionRef, pool['spec']?.endpointPickerRef?.name];
    if (typeof old?.name !== 'string' || (old.kind ?? 'Service') !== 'Service') continue;
    pickers.set(refKey(ref(SERVICE, alpha.metadata.namespace ?? '', old.name)), name);
  }
  return pickers;
}

/** What the rules of each kind look up: Rewrites, and what the text at hand adds to them. */
export class Targets {
  readonly #rewrites: Rewrites;
  readonly #pickers: ReadonlyMap<string, string>;
  readonly #present: ReadonlySet<string>;

  constructor(rewrites: Rewrites, objects: readonly KubeObject[]) {
    this.#rewrites = rewrites;
    const pairs = objects.flatMap((alpha) => {
      const pool = rewrites.pools.get(refKey(refOf(alpha)));
      return pool ? [{ alpha, pool }] : [];
    });
    this.#pickers = new Map([...(rewrites.pickers ?? []), ...pickersOf(pairs)]);
    this.#present = new Set([...(rewrites.present ?? []), ...objects.map((object) => refKey(refOf(object)))]);
  }

  /** The v1 pool for an alpha pool. */
  pool(namespace: string, name: string): KubeObject | undefined {
    return this.#rewrites.pools.get(refKey(ref(ALPHA_POOL, namespace, name)));
  }

  /** True where an alpha pool of this namespace becomes a v1 pool. */
  anyPool(namespace: string): boolean {
    return [...this.#rewrites.pools.keys()].some((key) => (JSON.parse(key) as string[])[2] === namespace);
  }

  model(model: KubeObject): readonly KubeObject[] | undefined {
    return this.#rewrites.models.get(refKey(refOf(model)));
  }

  /** The new Service for an alpha endpoint picker's. In Git a Service's namespace may be left to kustomize. */
  picker(namespace: string, service: string): string | undefined {
    return (
      this.#pickers.get(refKey(ref(SERVICE, namespace, service))) ??
      this.#pickers.get(refKey(ref(SERVICE, '', service)))
    );
  }

  /** True where Git holds this object already. */
  has(object: KubeObject): boolean {
    return this.#present.has(refKey(refOf(object)));
  }
}
