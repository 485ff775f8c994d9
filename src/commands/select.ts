import { EXIT, UserError } from '../api/errors.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { qualifiedRef, refKey } from '../api/ref.ts';
import { ALPHA_POOL, qualifiedName, V1_GROUP } from '../api/resource.ts';
import { objectOf } from '../inventory/build.ts';
import { nearest } from '../api/nearest.ts';

/** A POOL argument, taken apart. */
interface PoolName {
  readonly text: string;
  readonly group: 'alpha' | 'v1' | 'any';
  readonly namespace: string | null;
  readonly name: string;
}

function parsePoolName(text: string): PoolName {
  const slash = text.indexOf('/');
  if (slash < 0) return { text, group: 'any', namespace: null, name: text };
  const [before, name] = [text.slice(0, slash), text.slice(slash + 1)];
  const resource = /^(?:inferencepools?)\.(.+)$/.exec(before);
  if (!resource && /^(inferencepools?|infpool|xinfpool)$/.test(before))
    throw new UserError(`"${before}" is ambiguous while both API groups are installed.`, {
      hint: `Write ${qualifiedName(ALPHA_POOL)}/${name}, or just ${name}.`,
    });
  if (!resource) return { text, group: 'any', namespace: before, name };
  return { text, group: resource[1] === V1_GROUP ? 'v1' : 'alpha', namespace: null, name };
}

/** The pools that the arguments name, or all of the scope. A bare name means the alpha pool, else what came from it. */
export function selectPools(
  inventory: Inventory,
  names: readonly string[],
  scope: { readonly namespace: string; readonly selector: string },
): PoolEntry[] {
  const matches = labelSelector(scope.selector);
  const inScope = inventory.pools.filter(
    (entry) =>
      (scope.namespace === '' || entry.ref.namespace === scope.namespace) &&
      matches(objectOf(inventory, entry.ref)?.metadata.labels ?? {}),
  );
  if (names.length === 0) return inScope;
  const chosen = names.map((text) => selectOne(inventory, inScope, parsePoolName(text), scope.namespace));
  return [...new Map(chosen.map((entry) => [refKey(entry.ref), entry])).values()];
}

function selectOne(
  inventory: Inventory,
  inScope: readonly PoolEntry[],
  wanted: PoolName,
  namespace: string,
): PoolEntry {
  const candidates =
    wanted.namespace === null
      ? inScope
      : inventory.pools.filter((entry) => entry.ref.namespace === wanted.namespace);
  const alpha = candidates.filter((entry) => entry.phase !== 'Done' && entry.ref.name === wanted.name);
  const v1 = candidates.filter((entry) => entry.v1?.name === wanted.name);
  const from = candidates.filter(
    (entry) => entry.phase === 'Done' && migratedFrom(objectOf(inventory, entry.ref)) === wanted.name,
  );
  const ranked = { alpha: [alpha], v1: [v1], any: [alpha, from, v1] }[wanted.group];
  const found = ranked.find((list) => list.length > 0) ?? [];
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new UserError(`"${wanted.text}" could mean ${found.length} pools.`, {
      hint: `Say which: ${found.map((entry) => `${entry.ref.namespace}/${entry.ref.name} (${qualifiedRef(entry.ref)})`).join(', ')}`,
    });
  const where = wanted.namespace ?? namespace;
  const like = nearest(
    wanted.name,
    inventory.pools.map((entry) => entry.ref.name),
  );
  const unread = inventory.unread.find((entry) => entry.resource === qualifiedName(ALPHA_POOL));
  throw new UserError(
    unread
      ? `There may be a pool "${wanted.text}", but ${unread.resource} could not be read: ${unread.message}`
      : `There is no pool "${wanted.text}"${where === '' ? '' : ` in namespace ${where}`}.`,
    {
      exitCode: unread ? EXIT.incomplete : EXIT.error,
      hint:
        like.length > 0 ? `Did you mean: ${like.join(', ')}?` : 'See what is there: kubectl infpool detect',
    },
  );
}

function migratedFrom(object: KubeObject | undefined): string | undefined {
  return object?.metadata.annotations?.[MIGRATED_FROM_ANNOTATION];
}

/** kubectl's equality selectors: `a=b`, `a==b`, `a!=b`, `a`, `!a`, joined by commas. */
export function labelSelector(selector: string): (labels: Record<string, string>) => boolean {
  if (selector === '') return () => true;
  const tests = selector.split(',').map((term) => {
    const match =
      /^\s*(!?)([A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)\s*(?:(==|=|!=)\s*([-A-Za-z0-9_.]*))?\s*$/.exec(
        term,
      );
    if (!match || (match[1] === '!' && match[4]))
      throw new UserError(`--selector: ${JSON.stringify(term)} is not understood.`, {
        hint: 'Use key=value, key!=value, key or !key, joined by commas.',
      });
    const [, not, key, , operator, value] = match;
    return (labels: Record<string, string>) => {
      if (operator === undefined) return (labels[key!] !== undefined) === (not !== '!');
      return (labels[key!] === value) === (operator !== '!=');
    };
  });
  return (labels) => tests.every((test) => test(labels));
}
