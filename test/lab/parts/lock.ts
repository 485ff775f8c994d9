// One builder at a time for each part. The lock names its owner, so that one left behind by a killed
// process is taken over at once. Two that take over in the same instant both build: slow, but not wrong,
// since the result is renamed into place whole.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessId } from '../control-plane/processes.ts';

/**
 * Waits for the lock, then runs `work` holding it.
 * @param waiting called again and again while another process has it
 */
export async function withLock<T>(
  path: string,
  waiting: (owner: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) {
    const owner = read(path);
    if (owner && isRunning(owner)) {
      waiting(owner.pid);
      await sleep(250);
    } else if (owner) {
      rmSync(path, { force: true });
    } else {
      await sleep(50); // just being written, or just given back
      if (read(path) === undefined) rmSync(path, { force: true });
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessId;
  } catch {
    return undefined;
  }
}
