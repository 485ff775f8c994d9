// The first thing any npm script runs, on whatever Node the machine has (18 or newer): installs the
// dependencies when they are missing or older than the lockfile, then hands over to our own Node, which
// npm brings as a dependency. Plain JavaScript on purpose: an old Node can't read TypeScript.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed-from');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;

// npm ci begins by removing node_modules, so two at once leave nothing: one installs, others wait for it.
const claim = join(root, '.installing');
const STALE_MS = 30_000;

function claimed() {
  try {
    mkdirSync(claim);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    try {
      // Whoever installs touches it every second; one that was killed does not.
      if (Date.now() - statSync(claim).mtimeMs > STALE_MS) rmdirSync(claim);
    } catch {
      // it has ended meanwhile
    }
    return false;
  }
}

async function install() {
  process.stderr.write('Installing dependencies (npm ci); this takes about half a minute …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  const touch = setInterval(() => utimesSync(claim, new Date(), new Date()), 1000);
  const ended = await new Promise((resolve) => {
    npm.on('error', (error) => resolve(error.code));
    npm.on('exit', (code) => resolve(code));
  });
  clearInterval(touch);
  if (ended === 0) {
    writeFileSync(stamp, lock);
    return;
  }
  process.stderr.write(
    ended === 'ENOENT'
      ? 'npm was not found on PATH. Install Node.js 18 or newer with npm, then run this again.\n'
      : 'npm ci failed; the lines above say why.\n',
  );
  process.exitCode = 1;
}

if (!installed()) {
  for (let told = false; !claimed(); told = true) {
    if (!told) process.stderr.write('Waiting for another command that installs the dependencies …\n');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const release = () => existsSync(claim) && rmdirSync(claim);
  const stop = () => process.exit(1);
  process.on('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  // Whoever had the claim before may have installed them.
  if (!installed()) await install();
  if (process.exitCode) process.exit();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
  process.off('exit', release);
  release();
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
