// A command on a cluster in memory: what it writes, what it says, how it ends.
import type { Cluster } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Snapshot } from '../../src/api/read.ts';
import { qualifiedName } from '../../src/api/resource.ts';
import type { Context } from '../../src/commands/context.ts';
import { FakeCluster, FakeHelm } from '../support/fakes.ts';
import { snapshot } from '../support/snapshot.ts';

export class PlayedCluster extends FakeCluster {
  readonly helm = new FakeHelm();

  override async snapshot({ resources }: Parameters<FakeCluster['snapshot']>[0]): Promise<Snapshot> {
    const read = snapshot([...this.objects.values()]);
    const none = resources.map((one) => [qualifiedName(one), { state: 'ok', items: [] }] as const);
    return { ...read, lists: new Map([...none, ...read.lists]) };
  }

  close(): void {}

  /** The calls that wrote. */
  get writes(): string[] {
    return this.calls.filter((call) => !call.startsWith('wait') && !call.endsWith('(dry)'));
  }
}

export function played(objects: readonly KubeObject[], more: Partial<Context> = {}) {
  const cluster = new PlayedCluster(objects);
  const heard: string[] = [];
  const sink = { write: (text: string) => void heard.push(text) };
  const context = {
    stdout: sink,
    stderr: sink,
    style: { color: false, width: Infinity },
    outStyle: { color: false, width: Infinity },
    interactive: false,
    cwd: '/nowhere',
    now: () => new Date('2026-11-23T17:14:00Z'),
    holder: () => ({ user: 'alice', host: 'laptop', pid: 1, origin: 'boot' }),
    runs: () => true,
    patienceMs: 60_000,
    onInterrupt: () => () => undefined,
    progress: () => undefined,
    ask: () => Promise.resolve('n'),
    connect: () => Promise.resolve(cluster as unknown as Cluster),
    ...more,
  } as unknown as Context;
  return { cluster, of: cluster as unknown as Cluster, context, said: () => heard.join('') };
}
