import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './child.ts';
import { makeAssets } from './codeCache.ts';
import { BuildError } from './error.ts';
import type { PlatformNode } from './platform-node.ts';
import { signMachO } from './sign-macho.ts';
import { isElf, stripElf } from './strip-elf.ts';
import { trimIcu } from './trim-icu.ts';
import { unsignPe } from './unsign-pe.ts';

interface Options {
  root: string;
  node: PlatformNode;
  script: string;
  output: string;
}

/**
 * Puts the script into a copy of Node (pkg --sea). Takes about 5 s and 900 MB.
 * For this machine's platform with code caches; V8 takes one from no other platform.
 */
export async function bake({ root, node, script, output }: Options): Promise<void> {
  const { pkg } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    pkg: { seaConfig: object };
  };
  const folder = dirname(output);
  mkdirSync(folder, { recursive: true });
  const here = dirname(fileURLToPath(import.meta.url));
  // A copy, since the path ends up in the binary. pkg works in a folder that it makes in the temporary one; with that
  // inside ours the path from there is always the same.
  const start = join(folder, 'start.cjs');
  copyFileSync(join(here, 'start.cjs'), start);
  const main = join('..', relative(folder, start));
  const { platform, version, own } = node;
  const target = {
    nodeRange: `node${version}`,
    platform: platform.pkg,
    arch: platform.nodeArch,
    output,
  };
  const nodePath = lean(node.path, join(folder, 'node'));
  const options = {
    targets: [target],
    nodePath,
    signature: own, // by macOS itself
    seaConfig: { ...pkg.seaConfig, main, assets: await makeAssets(script, folder, own) },
  };
  const program = join(here, 'pkg.main.ts');
  const done = await run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, start, JSON.stringify(options), `v${version}`],
    { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
  );
  if (done.code !== 0) throw new BuildError(`pkg could not make the binary:\n${done.stdout}${done.stderr}`);
  rmSync(nodePath);
  finish(node, output);
}

/** Node without what our program does not need, at another path. On macOS it does not run then, before it is signed. */
export function lean(path: string, to: string): string {
  const file = readFileSync(path);
  const smaller = isElf(file) ? stripElf(file) : file;
  trimIcu(smaller);
  writeFileSync(to, smaller, { mode: 0o755 });
  return to;
}

/** What pkg leaves broken: signatures. */
function finish({ platform, own }: PlatformNode, output: string): void {
  if (platform.os === 'windows') writeFileSync(output, unsignPe(readFileSync(output)));
  if (platform.os === 'darwin' && !own)
    writeFileSync(output, signMachO(readFileSync(output), platform.binary));
}

/**
 * Runs `--help` a few times, with nothing of this process' environment.
 * @returns milliseconds of each run
 */
export async function tryOut(binary: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    const { code, stdout, stderr } = await run(binary, ['--help'], {});
    times.push(performance.now() - began);
    // A word on stderr could be "Code cache data rejected."
    if (code !== 0 || stderr !== '')
      throw new BuildError(`the binary does not start: --help ended with ${code}\n${stdout}${stderr}`);
  }
  return times;
}
