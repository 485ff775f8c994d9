import { UserError } from '../api/errors.ts';
import type { Inventory } from '../api/inventory.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { ALPHA_POOL, qualifiedName, V1_POOL } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { isGivenFor, type GivenPair } from '../inventory/pairs.ts';
import { texts, type Args } from './command.ts';
import { nearest } from '../api/nearest.ts';

/** `OLD=NEW` and `NAMESPACE/OLD=NEW`. */
export function givenPairs(args: Args): GivenPair[] {
  return texts(args, 'pair').map((pair) => {
    const match = /^(?:([^/=]+)\/)?([^/=]+)=([^/=]+)$/.exec(pair);
    if (!match)
      throw new UserError(`--pair ${JSON.stringify(pair)} is not OLD=NEW.`, {
        hint: 'As in: --pair my-pool=my-pool-v1, or --pair my-namespace/my-pool=my-pool-v1',
      });
    return { namespace: match[1] ?? '', alpha: match[2]!, v1: match[3]! };
  });
}

/** A pair that names what is not there is a mistake, not a wish. */
export function requirePairs(given: readonly GivenPair[], inventory: Inventory): void {
  const alphas = objectsOf(inventory, ALPHA_POOL);
  const v1s = objectsOf(inventory, V1_POOL);
  for (const pair of given) {
    const text = `--pair ${pair.namespace ? `${pair.namespace}/` : ''}${pair.alpha}=${pair.v1}`;
    if (v1s.some((pool) => isDone(pool, pair))) continue;
    const there = alphas.filter((pool) => isGivenFor(pair, pool));
    if (there.length === 0) throw missing(text, qualifiedName(ALPHA_POOL), pair.alpha, alphas);
    const paired = there.some((alpha) =>
      v1s.some(
        ({ metadata }) => metadata.name === pair.v1 && metadata.namespace === alpha.metadata.namespace,
      ),
    );
    if (!paired)
      throw missing(text, qualifiedName(V1_POOL), pair.v1, v1s, 'To make one of this name: --name');
  }
}

// The alpha pool may be gone by now; the v1 one remembers it.
function isDone({ metadata }: KubeObject, { namespace, alpha, v1 }: GivenPair): boolean {
  return (
    metadata.name === v1 &&
    (namespace === '' || metadata.namespace === namespace) &&
    metadata.annotations?.[MIGRATED_FROM_ANNOTATION] === alpha
  );
}

function missing(
  text: string,
  resource: string,
  name: string,
  there: readonly { metadata: { name: string } }[],
  more = '',
): UserError {
  const like = nearest(
    name,
    there.map(({ metadata }) => metadata.name),
  );
  const hint = [like.length > 0 ? `Did you mean: ${like.join(', ')}?` : '', more].filter(Boolean).join(' ');
  return new UserError(`${text}: there is no ${resource}/${name} beside it.`, {
    hint: hint || 'See what is there: kubectl infpool detect',
  });
}
