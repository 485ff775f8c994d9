// Naming a process so that it can't be mistaken for another one: a pid alone is given out again.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessId {
  pid: number;
  /** when it started, in the system's own words; only ever compared */
  started: string;
}

/** undefined when there is no such process (or only a zombie of it). */
export function identify(pid: number): ProcessId | undefined {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isRunning(id: ProcessId): boolean {
  return identify(id.pid)?.started === id.started;
}

/** Signals exactly this process, or nothing. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isRunning(id)) return;
  try {
    process.kill(id.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

/** @returns whether it was gone in time */
export async function waitUntilGone(id: ProcessId, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (isRunning(id)) {
    if (Date.now() > end) return false;
    await sleep(15);
  }
  return true;
}

function startOnLinux(pid: number): string | undefined {
  try {
    // The name in the second field may hold anything, so count from its closing parenthesis:
    // state is field 3, start time (in ticks since boot) field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const args = ['-o', 'stat=,lstart=', '-p', String(pid)];
    const line = execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
