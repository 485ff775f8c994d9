// The binary that the demo shows: built first when it is missing or older than what it is made of.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { insist } from './expect.ts';
import { say } from './screen.ts';
import { type, type Shell } from './shell.ts';

const sources = ['src', 'plugin', 'scripts/build', 'scripts/build.ts', 'package.json', 'package-lock.json'];

export async function ensureBinary(shell: Shell): Promise<void> {
  const root = shell.cwd;
  const binary = join(root, 'dist', 'kubectl-infpool');
  if (existsSync(binary) && newest(root) <= statSync(binary).mtimeMs) {
    say('dist/kubectl-infpool is there already, and up to date.');
    return;
  }
  const { code } = await type(shell, 'npm run -s build', { live: true });
  insist('the binary can be built', code === 0, code);
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
