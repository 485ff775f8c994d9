// `npm run check`: types, lint, format, the import rules and known vulnerabilities. `--fix` mends what can be mended.
import { spawn } from 'node:child_process';
import { ALLOWED } from './check/allowed.ts';
import { askRegistry, judge } from './check/audit.ts';

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

// Not every registry answers this question. Where it has to be answered, as before a release, AUDIT=required makes not to
// know a failure.
async function audited(): Promise<boolean> {
  const must = process.env['AUDIT'] === 'required';
  const today = new Date().toISOString().slice(0, 10);
  const { ok, word, lines } = judge(await askRegistry(), ALLOWED, today, must);
  console.log([`${word} known vulnerabilities`, ...lines].join('\n'));
  return ok;
}

const results: boolean[] = [];
const audit = fix ? true : audited();
// Fixing rewrites files, so one after the other; checking reads only, so side by side.
for (const group of fix ? [...style, ...structure].map((check) => [check]) : [[...style, ...structure]])
  results.push(...(await Promise.all(group.map(run))));
results.push(await audit);
process.exit(results.every(Boolean) ? 0 : 1);
