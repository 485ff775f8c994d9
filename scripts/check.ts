// `npm run check`: types, lint, format and the import rules. `--fix` mends what can be mended.
import { spawn } from 'node:child_process';

const fix = process.argv.includes('--fix');

interface Check {
  name: string;
  command: string;
  args: string[];
}

async function run({ name, command, args }: Check): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  if (code !== 0) console.log(output.trim());
  return code === 0;
}

const style: Check[] = [
  { name: 'lint', command: 'eslint', args: [...(fix ? ['--fix'] : []), '--max-warnings=0', '.'] },
  { name: 'format', command: 'prettier', args: [fix ? '--write' : '--check', '--log-level=warn', '.'] },
];
const structure: Check[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  {
    name: 'import rules',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.json', 'src', 'plugin'],
  },
  {
    name: 'what of docs/ is made from the code',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', 'scripts/docs.ts', '--check'],
  },
];

const results: boolean[] = [];
// Fixing rewrites files, so one after the other; checking reads only, so side by side.
for (const group of fix ? [...style, ...structure].map((check) => [check]) : [[...style, ...structure]])
  results.push(...(await Promise.all(group.map(run))));
process.exit(results.every(Boolean) ? 0 : 1);
