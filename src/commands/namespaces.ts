import type { ClusterReader } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { Inventory } from '../api/inventory.ts';
import { ref } from '../api/ref.ts';
import { NAMESPACE } from '../api/resource.ts';
import { nearest } from '../api/nearest.ts';

/**
 * "None in namespace defalt" would be true, and wrong: where nothing was found in a namespace, it has to be there at least.
 * Who may not look at namespaces is believed.
 */
export async function requireNamespace(
  namespace: string,
  { pools, models }: Pick<Inventory, 'pools' | 'models'>,
  cluster: Pick<ClusterReader, 'get' | 'list'>,
): Promise<void> {
  if (namespace === '' || [...pools, ...models].some((entry) => entry.ref.namespace === namespace)) return;
  const read = await cluster.get(ref(NAMESPACE, '', namespace));
  if (read.state !== 'absent') return;
  const all = await cluster.list(NAMESPACE, '');
  const names = all.state === 'ok' ? all.items.map(({ metadata }) => metadata.name) : [];
  const like = nearest(namespace, names);
  throw new UserError(`There is no namespace "${namespace}" in this cluster.`, {
    hint:
      like.length > 0
        ? `Did you mean: -n ${like.join(', -n ')}?`
        : 'All of them: kubectl get namespaces; -A looks into all.',
  });
}
