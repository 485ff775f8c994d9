// `npm run reliability`: the tests that break things on purpose, whole, and a table of what they counted.
//   --write   put the table into README.md, between its markers
//   NAME…     only these: what others counted last stays in the table
// Each is a spec file that hands in its figures (test/support/figures.ts); they are kept in dist/figures.
import { readdirSync, readFileSync, rmSync, mkdirSync } from 'node:fs';
import { cpus, platform, arch } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure } from '../test/support/figures.ts';
import { put } from './bench/readme.ts';
import { grid } from './bench/table.ts';
import { forwardSignals, interruption, runNode } from './test/children.ts';
import { findSpecs } from './test/specs.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const figures = join(root, 'dist', 'figures');

/** The longest that one of them may take, in minutes. */
const LIMIT = 180;

const specs = findSpecs(root).filter(({ kind }) => kind === 'reliability');
const nameOf = (file: string) => file.replace(/^.*\//, '').replace(/\.reliability\.spec\.ts$/, '');

forwardSignals();
await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false } },
  });
  const names = specs.map(({ file }) => nameOf(file));
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(`reliability: there is no '${unknown}'. There are: ${names.join(', ')}\n`);
    process.exitCode = 1;
    return;
  }
  if (positionals.length === 0) rmSync(figures, { recursive: true, force: true });
  mkdirSync(figures, { recursive: true });
  process.env['INFPOOL_FIGURES'] = figures;
  const chosen = specs.filter(({ file }) => positionals.length === 0 || positionals.includes(nameOf(file)));
  const failed: string[] = [];
  // Each by itself: what one of them found out in hours must not be lost by another.
  for (const { file } of chosen) {
    const ended = await runNode(root, ['scripts/test.ts', file], LIMIT);
    if (!ended.ok) failed.push(`${nameOf(file)} (${ended.how})`);
    if (interruption()) break;
  }
  if (interruption() || failed.length > 0) {
    const why = interruption() ? 'interrupted' : `not all passed: ${failed.join(', ')}`;
    process.stderr.write(
      `reliability: ${why}; nothing is written. What passed is counted: run the others by name\n`,
    );
    process.exitCode = 1;
    return;
  }
  const section = `${table(read())}\n\nConditions: ${cpus().length} CPUs, ${platform()}/${arch()}, all on one machine.`;
  console.log(`\n${section}`);
  if (values.write) put('reliability', section);
}

function read(): Figure[] {
  return readdirSync(figures)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(figures, name), 'utf8')) as Figure)
    .sort((a, b) => a.place - b.place || (a.tried < b.tried ? -1 : 1));
}

function table(rows: Figure[]): string {
  return grid([
    ['tried', 'how many', 'how it ended'],
    ...rows.map(({ tried, count, outcome }) => [tried, count.toLocaleString('en-US'), outcome]),
  ]);
}
