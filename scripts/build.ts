// `npm run build`: one executable for this machine, dist/kubectl-infpool: the program bundled by esbuild and
// put into our own Node by pkg. No network, and nothing written outside of dist/.
//   --entry FILE    what to build (default: plugin/main.ts)
//   --output FILE   where to (default: dist/kubectl-infpool, with .exe on Windows)
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bake, tryOut } from './build/binary.ts';
import { bundle } from './build/bundle.ts';
import { BuildError } from './build/error.ts';
import { identify } from './build/identity.ts';
import { platformNode } from './build/platform-node.ts';
import { nameOf } from './build/platforms.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const bundleName = 'kubectl-infpool.cjs';
const binaryName = process.platform === 'win32' ? 'kubectl-infpool.exe' : 'kubectl-infpool';

// A build happens in a folder of its own and is renamed into place: a binary that is being run can't be
// overwritten, two builds at once must not meet, and a failed one leaves the old binary.
const scratch = join(dist, `.build-${process.pid}`);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

try {
  const { entry, output } = readOptions();
  await build(resolve(entry), resolve(output));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`build: ${error.message}\n`);
  process.exitCode = 1;
}

function readOptions(): { entry: string; output: string } {
  const entry = { type: 'string', default: join(root, 'plugin', 'main.ts') } as const;
  const output = { type: 'string', default: join(dist, binaryName) } as const;
  try {
    return parseArgs({ options: { entry, output } }).values;
  } catch (error) {
    throw new BuildError((error as Error).message);
  }
}

async function build(entry: string, output: string): Promise<void> {
  const began = performance.now();
  const node = platformNode(root);
  const identity = identify(root);
  sweep();
  mkdirSync(scratch, { recursive: true });

  const script = join(scratch, bundleName);
  await step('bundle', async () => {
    const { inputs } = await bundle({ root, entry, outfile: script, identity });
    return `${Object.keys(inputs).length} files, ${size(script)}`;
  });

  const binary = join(scratch, 'binary', binaryName);
  await step('binary', async () => {
    await bake({ root, node, script, output: binary });
    return `Node ${node.version} for ${nameOf(node.platform)} with it inside, ${size(binary)}`;
  });

  await step('try it', async () => {
    const times = await tryOut(binary);
    return `--help takes ${Math.min(...times).toFixed(0)} ms (best of ${times.length})`;
  });

  for (const folder of [join(dist, 'bundle'), dirname(output)]) mkdirSync(folder, { recursive: true });
  renameSync(script, join(dist, 'bundle', bundleName));
  renameSync(binary, output);
  const { version, commit, date } = identity;
  console.log(
    `${relative(process.cwd(), output)}: ${version}, commit ${commit} of ${date}, ${seconds(began)}`,
  );
}

async function step(name: string, work: () => Promise<string>): Promise<void> {
  const began = performance.now();
  const result = await work();
  console.log(`${name.padEnd(6)}  ${seconds(began).padStart(6)}  ${result}`);
}

/** Removes what builds that were killed have left. */
function sweep(): void {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) {
    const pid = /^\.build-(\d+)$/.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) rmSync(join(dist, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

function size(file: string): string {
  const bytes = statSync(file).size;
  return bytes < 1e7 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
