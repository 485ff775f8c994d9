// A command line in this process, on the lab's API server, as anybody; and nothing that it tries to write gets through.
import type { Cluster } from '../../src/api/cluster.ts';
import { FIELD_MANAGER } from '../../src/api/names.ts';
import { run } from '../../src/cli.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { Context } from '../../src/commands/context.ts';
import type { Lab } from '../lab/lab.ts';

export interface Tried {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The first write that it would have made; null if it made none. */
  readonly wrote: string | null;
}

/** Runs `args` until it ends, or until it wants to write. */
export async function tryHere(lab: Lab, args: readonly string[], cwd: string): Promise<Tried> {
  const said = { stdout: '', stderr: '' };
  const tries: string[] = [];
  const sink = (name: keyof typeof said) => ({ write: (text: string) => void (said[name] += text) });
  const plain = { color: false, width: Infinity };
  const connection = { env: { ...process.env, ...lab.env }, userAgent: 'kubectl-infpool/test', home: cwd };
  const unused = () => Promise.reject(new Error('not part of this test'));
  const context: Context = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    style: plain,
    outStyle: plain,
    interactive: false,
    cwd,
    version: { version: 'test', commit: 'test', date: 'test' },
    now: () => new Date(),
    holder: () => ({ user: 'test', host: 'test', pid: process.pid, origin: 'test' }),
    runs: () => true,
    patienceMs: 60_000,
    onInterrupt: () => () => undefined,
    connect: async (flags, fieldManager = FIELD_MANAGER) =>
      withoutWrites(
        await connect({ ...connection, flags, fieldManager, onWarning: () => undefined }),
        (write) => {
          tries.push(write);
          throw new Error(`this test lets nothing be written: ${write}`);
        },
      ),
    glance: unused,
    ask: unused,
    progress: () => undefined,
    readStdin: unused,
  };
  const code = await run(args, context);
  return { code, ...said, wrote: tries[0] ?? null };
}

function withoutWrites(cluster: Cluster, stop: (write: string) => never): Cluster {
  return {
    ...cluster,
    apply: async ({ kind, metadata }) => stop(`apply ${kind} ${metadata.name}`),
    create: async ({ kind, metadata }) => stop(`create ${kind} ${metadata.name}`),
    patch: async ({ kind, name }) => stop(`patch ${kind} ${name}`),
    delete: async ({ kind, name }) => stop(`delete ${kind} ${name}`),
    helm: {
      list: (namespace) => cluster.helm.list(namespace),
      run: async (words, options) =>
        /^(install|upgrade|uninstall|rollback)$/.test(words[0] ?? '')
          ? stop(`helm ${words[0]}`)
          : cluster.helm.run(words, options),
    },
  };
}
