import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { describeRef, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL } from '../api/resource.ts';
import type { InterruptedRelease } from '../cleanup/plan.ts';
import { loadManifests } from '../manifests/load.ts';

/** What a release says that it holds, and what of it is there. */
interface Contents {
  readonly wanted: readonly Ref[];
  readonly live: readonly KubeObject[];
}

/** A release went while it was looked at, by a helm that is at work; what was read is no longer so. */
export class ReleaseGone extends UserError {
  constructor(release: string, namespace: string, cause: unknown) {
    super(`Helm release ${release} in namespace ${namespace} is not there.`, {
      hint: 'If nobody is uninstalling it just now, nothing but its name is left: give --ignore-owner instead of --helm-uninstall to delete its objects one by one.',
      cause,
    });
  }
}

/** @throws ReleaseGone, or a UserError where something of it could not be read */
export async function contentsOf(cluster: Cluster, release: string, namespace: string): Promise<Contents> {
  const manifest = await cluster.helm
    .run(['get', 'manifest', release, '--namespace', namespace], {})
    .catch(async (error: unknown) => {
      const left = await cluster.helm.list(namespace);
      throw left.some(({ name }) => name === release) ? error : new ReleaseGone(release, namespace, error);
    });
  const { objects } = loadManifests(`helm release ${release}`, manifest);
  // helm leaves the release's namespace out of what it printed.
  const wanted = objects.map(({ object }) => {
    const ref = refOf(object);
    return ref.namespace === '' ? { ...ref, namespace } : ref;
  });
  const live = await Promise.all(
    wanted.map(async (ref) => {
      const read = await cluster.get(ref);
      if (read.state === 'absent') return [];
      if (read.state === 'ok') return [read.object];
      throw new UserError(
        `Refused: ${describeRef(ref)} of Helm release ${release} could not be read: ${read.message}`,
        { exitCode: EXIT.refused },
      );
    }),
  );
  return { wanted, live: live.flat() };
}

/**
 * Releases that a helm was uninstalling when it was killed, as far as their alpha pool is gone already: nothing in the cluster
 * but the release itself tells of them. Those whose pool is there are found by the pool.
 */
export async function interruptedReleases(
  cluster: Cluster,
  namespace: string,
): Promise<InterruptedRelease[]> {
  const releases = (await cluster.helm.list(namespace)).filter(({ status }) => status === 'uninstalling');
  const found = await Promise.all(
    releases.map(async (release) => {
      const contents = await contentsOf(cluster, release.name, release.namespace).catch((error: unknown) => {
        if (error instanceof ReleaseGone) return { wanted: [], live: [] }; // its helm has just ended
        throw error;
      });
      const { wanted, live } = contents;
      const isPool = (ref: Ref) => ref.group === ALPHA_GROUP && ref.kind === ALPHA_POOL.kind;
      const pool = wanted.find(isPool);
      if (!pool || live.some((object) => isPool(refOf(object)))) return [];
      return [{ release: release.name, namespace: release.namespace, pool, objects: live }];
    }),
  );
  return found.flat();
}
