// Who we are, for those who find our claim on a pool.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Holder } from '../src/claim/holder.ts';

export function thisProcess(env: Record<string, string | undefined>): Holder {
  return { user: userName(env), host: hostname() || 'unknown-host', pid: process.pid, origin: origin() };
}

// In a container the uid often has no entry in /etc/passwd.
function userName(env: Record<string, string | undefined>): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] || env['LOGNAME'] || env['USERNAME'] || `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

// Two containers may have the same host name, user and pids. On Linux a boot and a pid namespace tell them apart; elsewhere
// a host name is all there is.
function origin(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return process.platform === 'linux' ? '' : hostname();
  }
}

/** Whether a process of that id runs here, whoever's it is. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
