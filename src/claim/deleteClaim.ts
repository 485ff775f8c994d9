// Taking a Lease away that may be another's by now, through a connection that may break.
import { WriteRefused, type ClusterReader, type ClusterWriter } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread } from '../api/read.ts';
import { refOf } from '../api/ref.ts';

const ATTEMPTS = 5;

/**
 * Deletes a claim that nobody took meanwhile, as long as `mine` says of what stands there that it may go, and `isWorthwhile`
 * of an error that it may be tried again though nobody answers.
 * @throws UserError or WriteRefused where it is still there, or nobody knows
 */
export async function deleteClaim(
  cluster: ClusterReader & ClusterWriter,
  lease: KubeObject,
  mine: (live: KubeObject) => boolean,
  isWorthwhile: (error: Error) => boolean = () => true,
): Promise<void> {
  let live = lease;
  for (let attempt = 1; ; attempt++) {
    const failure = await failureOf(() => {
      const { uid = '', resourceVersion = '' } = live.metadata;
      return cluster.delete(refOf(lease), { dryRun: 'none', uid, resourceVersion });
    });
    if (!failure) return;
    if (attempt === ATTEMPTS || !isPassing(failure)) throw failure;
    const read = await cluster.get(refOf(lease));
    if (isUnread(read) && !isWorthwhile(failure)) throw failure;
    if (read.state === 'absent' || (read.state === 'ok' && !mine(read.object))) return;
    if (read.state === 'ok') live = read.object;
  }
}

// Null: it is gone.
async function failureOf(deletion: () => Promise<void>): Promise<UserError | WriteRefused | null> {
  try {
    await deletion();
    return null;
  } catch (error) {
    if (!(error instanceof UserError || error instanceof WriteRefused)) throw error;
    return error instanceof WriteRefused && error.reason === 'absent' ? null : error;
  }
}

// Written meanwhile, or the answer was lost.
function isPassing(error: UserError | WriteRefused): boolean {
  return error instanceof UserError || error.reason === 'conflict';
}
