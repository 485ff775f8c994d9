import type { KubeObject } from '../../api/object.ts';
import { ref, refKey, refOf, type Ref } from '../../api/ref.ts';
import { ALPHA_POOL, DEPLOYMENT, groupOf, SERVICE, V1_POOL } from '../../api/resource.ts';
import { pickerServiceOf } from '../destinationRules.ts';
import { selects } from '../labelSelector.ts';

/** An alpha pool and its v1 counterpart, null while there is none. */
export interface MigratingPool {
  readonly alpha: KubeObject;
  readonly v1: Ref | null;
}

type Labels = Readonly<Record<string, string>>;

/** An endpoint picker, as far as what was read tells. Labels are null where its Service or Deployment was not read. */
export interface Picker {
  readonly name: string;
  readonly namespace: string;
  readonly service: Labels | null;
  readonly pods: Labels | null;
}

/** The pools that are to go, with their endpoint pickers on both sides, by what one asks for. */
export class Pools {
  readonly all: readonly MigratingPool[];
  readonly #byName: ReadonlyMap<string, MigratingPool[]>;
  readonly #byNamespace: ReadonlyMap<string, MigratingPool[]>;
  readonly #byKey: ReadonlyMap<string, MigratingPool>;
  readonly #objects: ReadonlyMap<string, KubeObject>;
  readonly #deployments: ReadonlyMap<string, KubeObject[]>;

  constructor(objects: readonly KubeObject[], pools: readonly MigratingPool[]) {
    this.all = pools;
    this.#byName = Map.groupBy(pools, ({ alpha }) => alpha.metadata.name);
    this.#byNamespace = Map.groupBy(pools, ({ alpha }) => alpha.metadata.namespace ?? '');
    this.#byKey = new Map(pools.map((pool) => [refKey(refOf(pool.alpha)), pool]));
    const is = ({ apiVersion, kind }: KubeObject, resource: { group: string; kind: string }) =>
      kind === resource.kind && groupOf(apiVersion) === resource.group;
    const known = objects.filter((object) => is(object, SERVICE) || is(object, V1_POOL));
    this.#objects = new Map(known.map((object) => [refKey(refOf(object)), object]));
    this.#deployments = Map.groupBy(
      objects.filter((object) => is(object, DEPLOYMENT)),
      ({ metadata }) => metadata.namespace ?? '',
    );
  }

  /** The v1 name for an alpha pool; null while it has no counterpart, or is none of those that are to go. */
  v1NameOf(alpha: Ref): string | null {
    return this.#byKey.get(refKey(alpha))?.v1?.name ?? null;
  }

  has(alpha: Ref): boolean {
    return this.#byKey.has(refKey(alpha));
  }

  in(namespace: string): readonly MigratingPool[] {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** The alpha pools of this name: those of the namespace, or, where it has none, of any. */
  named(name: string, namespace: string): readonly MigratingPool[] {
    const everywhere = this.#byName.get(name) ?? [];
    const near = everywhere.filter(({ alpha }) => alpha.metadata.namespace === namespace);
    return near.length > 0 ? near : everywhere;
  }

  pickerOf({ alpha }: MigratingPool): Picker {
    return this.#picker(pickerServiceOf(alpha), alpha.metadata.namespace ?? '');
  }

  /** Null where there is no v1 pool yet, or it was not read. */
  v1PickerOf({ v1 }: MigratingPool): Picker | null {
    const pool = v1 ? this.#objects.get(refKey(v1)) : undefined;
    return pool ? this.#picker(pickerServiceOf(pool), pool.metadata.namespace ?? '') : null;
  }

  #picker(name: string, namespace: string): Picker {
    const service = this.#objects.get(refKey(ref(SERVICE, namespace, name)));
    const matchLabels = service?.['spec']?.selector as Labels | undefined;
    const template = (deployment: KubeObject) =>
      (deployment['spec']?.template?.metadata?.labels ?? {}) as Labels;
    const deployment = matchLabels
      ? (this.#deployments.get(namespace) ?? []).find((one) => selects({ matchLabels }, template(one)))
      : undefined;
    return {
      name,
      namespace,
      service: service ? (service.metadata.labels ?? {}) : null,
      pods: deployment ? template(deployment) : null,
    };
  }
}

/** Every alpha pool of a namespace, as a reference names them. */
export function everyPoolOf(namespace: string): Ref {
  return ref(ALPHA_POOL, namespace, '');
}
