// The first thing any npm script runs, on whatever Node the machine has (18 or newer): installs the
// dependencies when they are missing or older than the lockfile, then hands over to our own Node, which
// npm brings as a dependency. Plain JavaScript on purpose: an old Node can't read TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed-from');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing dependencies (npm ci); this takes about half a minute …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.error?.code === 'ENOENT') {
    process.stderr.write(
      'npm was not found on PATH. Install Node.js 18 or newer with npm, then run this again.\n',
    );
    process.exit(1);
  }
  if (done.status !== 0) {
    process.stderr.write('npm ci failed; the lines above say why.\n');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const bin = join(root, 'node_modules', '.bin');
const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
if (!existsSync(node)) {
  process.stderr.write(
    `No Node for ${process.platform}/${process.arch} came with the dependencies; using ${process.version}.\n`,
  );
}
const [script, ...args] = process.argv.slice(2);
const separator = process.platform === 'win32' ? ';' : ':';
const child = spawn(
  existsSync(node) ? node : process.execPath,
  ['--disable-warning=ExperimentalWarning', join(root, script), ...args],
  {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${bin}${separator}${process.env.PATH ?? ''}` },
  },
);
// The child decides what a signal means; we only stay to report its end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
