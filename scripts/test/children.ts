// Child processes of the test run: on our terminal, with a limit, and gone when we are.
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

const running = new Set<ChildProcess>();
let interrupted: NodeJS.Signals | undefined;

/** The signal that ended the run, if one did. */
export function interruption(): NodeJS.Signals | undefined {
  return interrupted;
}

/** From here on a signal goes to the running children, and no other child is started. */
export function forwardSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  // Killed without a word, our parent can't tell us.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop('SIGTERM');
  }, 1000).unref();
}

function stop(signal: NodeJS.Signals): void {
  interrupted ??= signal;
  for (const child of running) end(child, signal);
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  child.kill(signal);
  setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
}

export interface Ended {
  ok: boolean;
  /** In words, when not ok. */
  how: string;
}

/** Runs our Node with these arguments. `after`: what it prints comes in one piece, when that has ended, too. */
export async function runNode(
  root: string,
  args: string[],
  minutes: number,
  env: NodeJS.ProcessEnv = process.env,
  after?: Promise<unknown>,
): Promise<Ended> {
  if (interrupted) return { ok: false, how: `not started after ${interrupted}` };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    env,
    stdio: after ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  running.add(child);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    end(child, 'SIGTERM');
  }, minutes * 60_000);
  const ended = await new Promise<Ended>((resolve) => {
    child.on('error', (error) => resolve({ ok: false, how: error.message }));
    child.on(after ? 'close' : 'exit', (code, signal) =>
      resolve({ ok: code === 0, how: signal ? `ended by ${signal}` : `exit code ${code}` }),
    );
  });
  clearTimeout(limit);
  running.delete(child);
  await after;
  if (said.length > 0) process.stdout.write(Buffer.concat(said));
  return late ? { ok: false, how: `stopped after ${minutes} minutes` } : ended;
}

/** The exit code that shells give to a process ended by this signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
