// What is known of a lab outside the processes that run it: one folder a lab, with a file that says which
// processes are its own. It is how another command finds a lab, and how one whose keeper was killed is ended.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../parts/go.ts';
import { identify, isRunning, signal, waitUntilGone, type ProcessId } from './processes.ts';

export interface Child extends ProcessId {
  name: string;
  /** It leads a process group of its own, which ends with it. */
  group?: true;
}

export interface LabState {
  name: string;
  /** the process whose end is the lab's end */
  keeper: ProcessId;
  children: Child[];
  phase: 'starting' | 'up';
  /** stays when the command that started it ends */
  stays: boolean;
  /** URL; empty while starting */
  server: string;
  gitVersion: string;
}

const FILE = 'lab.json';

export function labDir(name: string): string {
  return join(labsDir(), name);
}

/** @throws LabError when a lab of that name is up */
export function createLabDir(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) {
    throw new LabError(`A lab's name is made of a-z, 0-9 and '-', at most 31 of them; '${name}' is not.`);
  }
  const dir = labDir(name);
  // Filled first and renamed then, so that nobody sees a lab without an owner.
  const scratch = join(labsDir(), `.new-${process.pid}-${name}`);
  mkdirSync(scratch, { mode: 0o700 });
  const keeper = identify(process.pid)!;
  writeState(
    { name, keeper, children: [], phase: 'starting', stays: false, server: '', gitVersion: '' },
    scratch,
  );
  try {
    renameSync(scratch, dir);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new LabError(`A lab named '${name}' is up already. End it: npm run lab -- down --name ${name}`);
  }
  return dir;
}

export function writeState(state: LabState, dir = labDir(state.name)): void {
  const scratch = join(dir, `.${FILE}.${process.pid}`);
  writeFileSync(scratch, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(scratch, join(dir, FILE));
}

export function readState(name: string): LabState | undefined {
  try {
    return JSON.parse(readFileSync(join(labDir(name), FILE), 'utf8')) as LabState;
  } catch {
    return undefined;
  }
}

export function allLabs(): LabState[] {
  return readdirSync(labsDir()).flatMap((name) => readState(name) ?? []);
}

/** Ends a lab, whoever started it, and returns once nothing of it is left. */
export async function endLab(state: LabState): Promise<void> {
  signal(state.keeper, 'SIGTERM');
  if (!(await waitUntilGone(state.keeper, 10))) signal(state.keeper, 'SIGKILL');
  await waitUntilGone(state.keeper, 5);
  await endOrphans(readState(state.name));
}

/** Clears up after keepers that were killed before they could do it themselves. */
export async function sweep(): Promise<void> {
  await Promise.all(allLabs().map((state) => (isRunning(state.keeper) ? undefined : endOrphans(state))));
  for (const entry of readdirSync(labsDir())) {
    const pid = /^\.new-(\d+)-/.exec(entry)?.[1];
    if (pid && !identify(Number(pid))) rmSync(join(labsDir(), entry), { recursive: true, force: true });
  }
}

async function endOrphans(state: LabState | undefined): Promise<void> {
  if (!state) return; // its keeper has removed the folder, and so ended everything
  for (const child of state.children) endNow(child);
  await Promise.all(state.children.map((child) => waitUntilGone(child, 5)));
  rmSync(labDir(state.name), { recursive: true, force: true, maxRetries: 5 });
}

export function endNow(child: Child): void {
  if (!isRunning(child)) return;
  try {
    process.kill(child.group ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}

function labsDir(): string {
  // Short: sockets live in there, and their paths may have 103 bytes on macOS. One for each user. A run of the tests has a
  // temporary folder of its own, but shares this one.
  const uid = process.getuid?.() ?? 0;
  const dir = join(process.env['INFPOOL_LABS'] ?? tmpdir(), `infpool-lab-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (statSync(dir).uid !== uid) throw new LabError(`${dir} belongs to another user; remove it.`);
  return dir;
}
