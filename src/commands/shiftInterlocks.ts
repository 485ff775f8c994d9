import { EXIT, UserError } from '../api/errors.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace } from '../api/kubectl.ts';
import type { Interlock } from '../api/interlock.ts';
import type { PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf } from '../api/ref.ts';
import { ALPHA_POOL, HTTP_ROUTE, qualifiedName, V1_POOL } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import type { PoolPair } from '../traffic/pair.ts';
import type { RouteChange } from '../traffic/split.ts';
import { readinessChecks } from '../verify/verify.ts';
import { namesAnyPair } from './routes.ts';
import type { World } from './session.ts';

export function notExpressible(changes: readonly RouteChange[]): Interlock[] {
  return changes
    .flatMap((change) => change.findings)
    .filter((finding) => finding.severity === 'error')
    .map((finding) => ({ finding, forceable: false }));
}

// The pool's own status speaks of the routes so far, not of whether it could serve.
const LATER = new Set(['pool-accepted', 'pool-current', 'policy-attached']);

/** Before its first traffic, and before more of it, a v1 pool must be able to serve. */
export function notReady(
  changes: readonly RouteChange[],
  selected: readonly PoolPair[],
  { inventory, snapshot }: World,
): Interlock[] {
  const raising = changes.filter((change) => change.raisesV1);
  const routes = objectsOf(inventory, HTTP_ROUTE);
  return selected
    .filter((pair) => raising.some(({ after }) => namesAnyPair(after, [pair])))
    .flatMap((pair) => readinessChecks(pair.v1, inventory, snapshot, routes))
    .filter((check) => (check.verdict === 'fail' || check.verdict === 'unknown') && !LATER.has(check.id))
    .map((check) => ({
      forceable: true,
      finding: {
        id: check.id,
        severity: 'error',
        ref: check.subject,
        field: '',
        message: `Not ready for traffic: ${check.evidence}.`,
        hint: check.hint,
      },
    }));
}

/** Alpha pools without a counterpart that one of the routes names: there is nowhere to send their traffic. */
export function unpaired(routes: readonly KubeObject[], wanted: readonly PoolEntry[]): Interlock[] {
  const keys = new Set(routes.map((route) => refKey(refOf(route))));
  const routed = (entry: PoolEntry) =>
    entry.references.some(
      ({ from, relation }) => (relation === 'backendRef' || relation === 'mirror') && keys.has(refKey(from)),
    );
  return wanted
    .filter((entry) => !entry.v1 && entry.phase !== 'Done' && routed(entry))
    .map((entry) => ({
      forceable: false,
      finding: {
        id: 'no-counterpart',
        severity: 'error',
        ref: entry.ref,
        field: '',
        message: 'It has no v1 counterpart to send traffic to.',
        hint: `Make one: kubectl infpool convert ${shellWord(entry.ref.name)}${inNamespace(entry.ref.namespace)} --apply; or name the pools to split with --pool.`,
      },
    }));
}

/** Why there is no route to split. */
export function nothingToSplit(
  { inventory }: World,
  namespace: string,
  wanted: readonly PoolEntry[],
): UserError {
  const where = namespace === '' ? 'any namespace' : `namespace ${namespace}`;
  const needed = new Set([ALPHA_POOL, V1_POOL, HTTP_ROUTE].map(qualifiedName));
  const unread = inventory.unread.find((entry) => needed.has(entry.resource));
  if (unread)
    return new UserError(
      `${unread.resource} could not be read, so it is not known what there is to split: ${unread.message}`,
      {
        exitCode: EXIT.incomplete,
      },
    );
  const without = wanted.filter((entry) => !entry.v1);
  if (without.length > 0)
    return new UserError(
      `No v1 counterpart is there yet for ${without.map((entry) => entry.ref.name).join(', ')}.`,
      {
        exitCode: EXIT.refused,
        hint: 'Make it first: kubectl infpool convert --apply',
      },
    );
  return new UserError(`No HTTPRoute in ${where} names an alpha pool or its v1 counterpart.`, {
    hint: 'See what points where: kubectl infpool detect -o json',
  });
}
