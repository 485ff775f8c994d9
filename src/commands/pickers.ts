import type { Cluster } from '../api/cluster.ts';
import { inNamespace } from '../api/kubectl.ts';
import type { Finding } from '../api/finding.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread } from '../api/read.ts';
import { ref, refKey, refOf } from '../api/ref.ts';
import { SERVICE } from '../api/resource.ts';
import { eppNameOf } from '../convert/names.ts';
import { pickerServiceOf } from '../inventory/destinationRules.ts';

export interface MissingPickers {
  /** By refKey: v1 pools that name the endpoint picker which the chart would make, and it is not there. */
  readonly keys: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/**
 * The v1 pools that are there without an endpoint picker: after `convert | kubectl apply -f -`, say. The chart can bring the
 * one that it would have made; another one is its owner's to bring.
 */
export async function missingPickers(
  pools: readonly KubeObject[],
  cluster: Cluster,
): Promise<MissingPickers> {
  const reads = await Promise.all(
    pools.map(async (pool) => {
      const service = pickerServiceOf(pool);
      if (service === '') return null;
      const read = await cluster.get(ref(SERVICE, pool.metadata.namespace ?? '', service));
      return read.state === 'ok' ? null : { pool, service, unread: isUnread(read) ? read.message : null };
    }),
  );
  const found = reads.filter((read) => read !== null);
  const missing = found.filter(({ unread }) => unread === null);
  const isCharts = ({ pool, service }: (typeof missing)[number]) => service === eppNameOf(pool.metadata.name);
  return {
    keys: new Set(missing.filter(isCharts).map(({ pool }) => refKey(refOf(pool)))),
    findings: [
      ...found.flatMap(({ pool, service, unread }) =>
        unread === null ? [] : [notSeen(pool, service, unread)],
      ),
      ...missing
        .filter((one) => !isCharts(one))
        .map(({ pool, service }): Finding => ({
          id: 'picker-missing',
          severity: 'error',
          ref: refOf(pool),
          field: 'spec.endpointPickerRef.name',
          message: `The Service "${service}" of its endpoint picker is not there, so nothing can serve the pool.`,
          hint: `Install that endpoint picker, or name one that is there: kubectl get services${inNamespace(pool.metadata.namespace)}`,
        })),
    ],
  };
}

// One that may not be looked at is not there, and not missing either.
function notSeen(pool: KubeObject, service: string, message: string): Finding {
  return {
    id: 'could-not-read',
    severity: 'error',
    ref: refOf(pool),
    field: 'spec.endpointPickerRef.name',
    message: `Whether the Service "${service}" of its endpoint picker is there is not known (${message}), nor whether the chart has to bring it.`,
    hint: 'Allow "get" on services for your user: kubectl infpool auth convert',
  };
}
