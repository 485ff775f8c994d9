import { WriteRefused, type ClusterReader, type ClusterWriter, type DryRun } from '../api/cluster.ts';
import { covers } from '../api/covers.ts';
import type { KubeObject } from '../api/object.ts';
import type { Ref } from '../api/ref.ts';
import { untilKnown } from './again.ts';

interface Options {
  readonly cluster: ClusterReader & ClusterWriter;
  readonly dryRun: DryRun;
}

interface Result {
  readonly outcome: 'done' | 'unchanged';
  readonly detail: string;
}

const DONE: Result = { outcome: 'done', detail: '' };
const KEPT: Result = { outcome: 'unchanged', detail: 'kept: it is there' };

/** Creates an object; one that is there is kept. */
export async function create(manifest: KubeObject, ref: Ref, { cluster, dryRun }: Options): Promise<Result> {
  const write = async () => {
    await cluster.create(manifest, { dryRun });
    return DONE;
  };
  try {
    return await untilKnown(write, async (doubt) => {
      const live = await cluster.get(ref);
      if (live.state === 'absent') return null;
      if (live.state !== 'ok') throw doubt;
      return covers(live.object['spec'], manifest['spec']) ? DONE : KEPT;
    });
  } catch (error) {
    if (error instanceof WriteRefused && error.reason === 'exists') return KEPT;
    throw error;
  }
}
