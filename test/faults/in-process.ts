// Runs a command line as plugin/main.ts does, in this process: a binary takes 100 ms to start, this none.
import { FIELD_MANAGER } from '../../src/api/names.ts';
import { run } from '../../src/cli.ts';
import { connect } from '../../src/cluster/connect.ts';
import { glance } from '../../src/cluster/glance.ts';
import type { Context } from '../../src/commands/context.ts';
import { safe } from '../../src/report/text.ts';

/** A minute in earnest: each of a thousand faults that stay would take it. */
const PATIENCE_MS = 3000;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export async function runHere(
  args: readonly string[],
  { kubeconfig, cwd, input = '' }: { kubeconfig: string; cwd: string; input?: string },
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (said[name] += text) });
  const plain = { color: false, width: Infinity };
  const connection = {
    env: { KUBECONFIG: kubeconfig, HOME: cwd, PATH: process.env['PATH'] },
    userAgent: 'kubectl-infpool/test',
    home: cwd,
  };
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
    patienceMs: PATIENCE_MS,
    onInterrupt: () => () => undefined,
    connect: (flags, fieldManager = FIELD_MANAGER) =>
      connect({
        ...connection,
        flags,
        fieldManager,
        onWarning: (text) => void (said.stderr += `Warning: ${safe(text)}\n`),
      }),
    glance: (flags, signal) => Promise.resolve(glance({ ...connection, flags }, signal)),
    ask: () => Promise.resolve(''),
    progress: () => undefined,
    readStdin: () => Promise.resolve(input),
  };
  const began = performance.now();
  const code = await run(args, context);
  return { code, ...said, ms: Math.round(performance.now() - began) };
}
