// The binary that the demo shows: built first when it is missing or older than what it is made of.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DemoFailure } from './expect.ts';
import { printed, say } from './screen.ts';

const sources = ['src', 'plugin', 'scripts/build', 'scripts/build.ts', 'package.json', 'package-lock.json'];

export function ensureBinary(root: string): void {
  const binary = join(root, 'dist', 'kubectl-infpool');
  if (existsSync(binary) && newest(root) <= statSync(binary).mtimeMs) {
    say('dist/kubectl-infpool is there already, and up to date.');
    return;
  }
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'scripts', 'build.ts')];
  const build = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  printed(`${build.stdout}${build.stderr}`);
  if (build.signal) process.exit(130);
  if (build.status !== 0) throw new DemoFailure('the binary could not be built; the lines above say why');
}

function newest(root: string): number {
  const times = sources.flatMap((source) => {
    const path = join(root, source);
    if (!statSync(path).isDirectory()) return [statSync(path).mtimeMs];
    return readdirSync(path, { recursive: true, encoding: 'utf8' }).map(
      (file) => statSync(join(path, file)).mtimeMs,
    );
  });
  return Math.max(...times);
}
