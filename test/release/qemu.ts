// Programs for Linux on arm64, run on amd64: qemu's user mode and the three libraries that Node needs, as Debian's
// packages, fetched by apt (which checks their signatures) into our cache. No root, nothing installed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run, type Outcome } from '../e2e/support.ts';

const libraries = ['libc6', 'libstdc++6', 'libgcc-s1'];

export interface Emulator {
  run(program: string, args: string[], cwd: string): Promise<Outcome>;
}

/** undefined where it can't be had: not on Debian or Ubuntu on amd64, or apt can't reach its archive. */
export function emulator(): Emulator | undefined {
  const folder = prepared();
  if (!folder) return undefined;
  const qemu = join(folder, 'usr', 'bin', 'qemu-aarch64-static');
  return {
    run: (program, args, cwd) =>
      run(qemu, ['-L', join(folder, 'arm64'), program, ...args], { env: { HOME: cwd }, cwd }),
  };
}

function prepared(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync('/usr/bin/apt-get'))
    return undefined;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubectl-infpool');
  const folder = join(cache, 'qemu-arm64');
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'tmp-'));
  try {
    fetchAll(scratch);
    renameSync(scratch, folder);
    return folder;
  } catch (error) {
    console.error(`qemu could not be fetched: ${(error as Error).message.split('\n').slice(-3).join(' ')}`);
    return existsSync(folder) ? folder : undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function fetchAll(scratch: string): void {
  const state = join(scratch, 'apt');
  for (const path of ['lists/partial', 'cache/archives/partial', 'debs'])
    mkdirSync(join(state, path), { recursive: true });
  writeFileSync(join(state, 'status'), '');
  // Of its own, so that this machine's apt knows nothing of arm64.
  const settings = [
    'APT::Architecture=amd64',
    'APT::Architectures=amd64,arm64',
    `Dir::State::lists=${state}/lists`,
    `Dir::State::status=${state}/status`,
    `Dir::Cache=${state}/cache`,
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
  ].flatMap((setting) => ['-o', setting]);
  const debs = join(state, 'debs');
  const apt = (...args: string[]) =>
    execFileSync('apt-get', [...settings, '-qq', ...args], { cwd: debs, stdio: 'pipe' });
  apt('update');
  apt('download', 'qemu-user-static:amd64', ...libraries.map((name) => `${name}:arm64`));
  for (const deb of readdirSync(debs)) {
    const to = deb.startsWith('qemu') ? scratch : join(scratch, 'arm64');
    execFileSync('dpkg', ['-x', deb, to], { cwd: debs, stdio: 'pipe' });
  }
  rmSync(state, { recursive: true });
}
