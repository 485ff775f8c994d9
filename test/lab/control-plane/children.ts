// The processes of one lab, each by pid and start time, each with a log of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identify, signal, waitUntilGone, type ProcessId } from './processes.ts';
import type { Program, Reply, Script } from './protocol.ts';
import { endNow, type Child } from './state.ts';
import { kubeconfigFile } from './users.ts';

const leash = fileURLToPath(new URL('leash.ts', import.meta.url));

export class Children {
  onDeath: (name: string, how: string) => void = () => undefined;
  private readonly dir: string;
  private readonly onChange: (children: Child[]) => void;
  private readonly running = new Map<ChildProcess, Child>();
  private readonly expected = new WeakSet<ChildProcess>();
  private ending = false;

  /** @param onChange told all that run, whenever that changes */
  constructor(dir: string, onChange: (children: Child[]) => void) {
    this.dir = dir;
    this.onChange = onChange;
  }

  start(name: string, program: string, args: string[]): ChildProcess {
    return this.spawn(name, program, args, { env: process.env });
  }

  /** A program whose end, whatever its reason, is told to whoever asked for it and is no news otherwise. */
  hold({ name, program, args, env = {} }: Program): {
    id: ProcessId;
    exited: Promise<unknown>;
    stop(): Promise<void>;
  } {
    const child = this.spawn(name, program, args, { env, group: true });
    const id = this.running.get(child);
    if (!id) throw new Error(`${name} did not start:\n${this.logTail(name)}`);
    this.expected.add(child);
    return { id, exited: once(child, 'exit'), stop: () => this.stop(id) };
  }

  async runScript({ script, args = [], name, ready }: Script, server: string): Promise<Reply> {
    const label = name ?? basename(script).replace(/\.[cm]?[jt]s$/, '');
    const node = ['--disable-warning=ExperimentalWarning', '--import', leash, script, ...args];
    const env = {
      KUBECONFIG: kubeconfigFile(this.dir, 'admin'),
      LAB_NAME: basename(this.dir),
      LAB_DIR: this.dir,
      LAB_SERVER: server,
    };
    // A group of its own, since it may start processes too.
    const child = this.spawn(label, process.execPath, node, {
      env: { ...process.env, ...env },
      group: true,
      channel: true,
    });
    const id = this.running.get(child);
    if (!id) throw new Error(`${label} did not start:\n${this.logTail(label)}`);
    if (!ready) return { process: id };
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${label} ended before it was ready:\n${this.logTail(label)}`);
    });
    const [value] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
    ended.catch(() => undefined);
    return { process: id, value };
  }

  /** Ends one of ours, gently; an id that isn't ours is left alone. */
  async stop(id: ProcessId): Promise<void> {
    const found = [...this.running].find(([, { pid, started }]) => pid === id.pid && started === id.started);
    if (found) await this.endGently(...found);
  }

  /** Ends one that another one can replace. */
  async kill(child: ChildProcess): Promise<void> {
    this.expected.add(child);
    const id = this.running.get(child);
    if (!id) return;
    const gone = once(child, 'exit');
    endNow(id);
    await gone;
  }

  /** Scripts may have something to say goodbye to; the programs' data goes with the lab, so they don't. */
  async endAll(): Promise<void> {
    this.ending = true;
    const all = [...this.running];
    await Promise.all(all.filter(([, id]) => id.group).map(([child, id]) => this.endGently(child, id)));
    await Promise.all([...this.running.keys()].map((child) => this.kill(child)));
  }

  logTail(name: string): string {
    try {
      return readFileSync(this.logFile(name), 'utf8').trimEnd().split('\n').slice(-12).join('\n');
    } catch {
      return '(no log)';
    }
  }

  private spawn(
    name: string,
    program: string,
    args: string[],
    { env, group, channel }: { env: NodeJS.ProcessEnv; group?: boolean; channel?: boolean },
  ): ChildProcess {
    if (this.ending) throw new Error('the lab is ending');
    const log = openSync(this.logFile(name), 'a');
    const child = spawn(program, args, {
      cwd: this.dir,
      env,
      stdio: ['ignore', log, log, ...(channel ? (['ipc'] as const) : [])],
      detached: group === true,
    });
    closeSync(log);
    child.on('error', (error) => console.error(`${name}: ${error.message}`));
    const id = child.pid === undefined ? undefined : identify(child.pid);
    if (!id) return child; // could not be started, or is over already: 'exit' or 'error' will tell
    this.running.set(child, { ...id, name, ...(group ? { group } : {}) });
    this.changed();
    child.on('exit', (code, by) => {
      this.running.delete(child);
      if (this.ending) return;
      this.changed();
      if (!this.expected.has(child))
        this.onDeath(name, `${by ?? `exit code ${code}`}\n${this.logTail(name)}`);
    });
    return child;
  }

  private async endGently(child: ChildProcess, id: Child): Promise<void> {
    this.expected.add(child);
    signal(id, 'SIGTERM');
    await waitUntilGone(id, 3);
    // Whatever it left in its group goes too: the group's id stays taken while anyone is in it.
    try {
      process.kill(-id.pid, 'SIGKILL');
    } catch {
      // Nobody was left.
    }
  }

  private changed(): void {
    this.onChange([...this.running.values()]);
  }

  private logFile(name: string): string {
    return join(this.dir, `${name}.log`);
  }
}
