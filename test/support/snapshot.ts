import type { Inventory } from '../../src/api/inventory.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { GetRead, ListRead, Snapshot, Unread } from '../../src/api/read.ts';
import { refOf } from '../../src/api/ref.ts';
import { CRD, qualifiedName, type Resource } from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { INFERENCE_CRDS, INVENTORY_RESOURCES } from '../../src/inventory/wanted.ts';
import { VERIFY_RESOURCES } from '../../src/verify/evidence.ts';

export const FORBIDDEN: Unread = { state: 'forbidden', message: 'user "dev" cannot list it' };

interface Options {
  readonly notInstalled?: readonly Resource[];
  readonly forbidden?: readonly Resource[];
  readonly namespace?: string;
  /** '' is a server whose version could not be read. */
  readonly gitVersion?: string;
}

/** What a command would have read of a cluster that holds these objects (CRDs among them) and nothing else. */
export function snapshot(objects: readonly KubeObject[] = [], options: Options = {}): Snapshot {
  const { notInstalled = [], forbidden = [], namespace = '', gitVersion = 'v1.34.2' } = options;
  const byKind = Map.groupBy(objects, kindKey);
  const read = (resource: Resource): ListRead => {
    if (forbidden.includes(resource)) return FORBIDDEN;
    if (notInstalled.includes(resource)) return { state: 'notInstalled' };
    return { state: 'ok', items: byKind.get(`${resource.group}/${resource.kind}`) ?? [] };
  };
  const crds = new Map((byKind.get(`${CRD.group}/${CRD.kind}`) ?? []).map((one) => [one.metadata.name, one]));
  return {
    namespace,
    lists: new Map(
      [...INVENTORY_RESOURCES, ...VERIFY_RESOURCES].map((one) => [qualifiedName(one), read(one)]),
    ),
    crds: new Map(
      INFERENCE_CRDS.map((name): [string, GetRead] => {
        const object = crds.get(name);
        return [name, object ? { state: 'ok', object } : { state: 'absent' }];
      }),
    ),
    server: gitVersion === '' ? FORBIDDEN : { state: 'ok', version: { gitVersion } },
  };
}

function kindKey(object: KubeObject): string {
  const { group, kind } = refOf(object);
  return `${group}/${kind}`;
}

export function inventory(objects: readonly KubeObject[] = [], options: Options = {}): Inventory {
  return buildInventory(snapshot(objects, options));
}

/** The ids of findings or checks, in their order. */
export function ids(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id);
}
