// `npm run mutate`: changes the pure rooms' code, one fault at a time, and tells which ones no test notices.
//   ROOM…       only these; their names are the folders' (scripts/mutate/rooms.ts)
//   --anew      tries everything again; else only what has changed since the last run
//   --sample N  one mutant in N: minutes instead of hours, give or take what the table says
//   --statics   also what is made at import (tables, patterns); much slower
//   --show      runs nothing, shows what was found last
// A mutant that survives is a line that could be wrong unseen: it gets a test, or its code goes, or, when the
// changed program does the same, a line in scripts/mutate/survivors.md.
// Exit code 1 when a room is below LEAST.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure } from '../test/support/figures.ts';
import { grid } from './bench/table.ts';
import { ROOMS, roomOf, type RoomName } from './mutate/rooms.ts';
import { last, mutate, type Mutant } from './mutate/run.ts';
import type { Every } from './mutate/sample.ts';
import { marginOf, scoreOf, sum, type Score } from './mutate/score.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What each room has to reach, in percent. */
const LEAST = 85;

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string', default: '1' },
      anew: { type: 'boolean', default: false },
      statics: { type: 'boolean', default: false },
      show: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !ROOMS.includes(name as RoomName));
  if (unknown !== undefined) {
    process.stderr.write(`mutate: there is no room '${unknown}'. There are: ${ROOMS.join(', ')}\n`);
    process.exitCode = 1;
    return;
  }
  const every = Number(values.sample);
  if (!Number.isInteger(every) || every < 1) {
    process.stderr.write(`mutate: --sample takes a whole number from 1 on, not '${values.sample}'\n`);
    process.exitCode = 1;
    return;
  }
  const chosen = ROOMS.filter((name) => positionals.length === 0 || positionals.includes(name));
  for (const name of chosen) {
    const room = roomOf(root, name);
    const mutants = values.show ? (last(room, every) ?? []) : await mutate(room, { ...values, every });
    console.log(`\n── ${name}`);
    for (const line of survivors(mutants)) console.log(line);
  }
  report(every);
}

/** Of all rooms that were ever run: the table, and the figure for the README when none is missing. */
function report(every: Every): void {
  const found = ROOMS.flatMap((name) => {
    const mutants = last(roomOf(root, name), every);
    return mutants ? [{ name: name as string, score: scoreOf(mutants) }] : [];
  });
  const all = { name: 'all', score: sum(found.map(({ score }) => score)) };
  console.log(
    `\n${grid([['room', 'mutants', 'killed', 'survived', 'not run', 'score', 'give or take'], ...[...found, all].map((one) => row(one, every))])}`,
  );
  if (found.length === ROOMS.length) handIn(all.score, every);
  const low = found.some(({ score }) => score.percent + marginOf(score, every) < LEAST);
  if (low || all.score.percent < LEAST) process.exitCode = 1;
}

function row({ name, score }: { name: string; score: Score }, every: Every): string[] {
  const { killed, survived, uncovered, percent } = score;
  return [
    name,
    ...[killed + survived + uncovered, killed, survived, uncovered].map(String),
    percent.toFixed(1),
    marginOf(score, every).toFixed(1),
  ];
}

function survivors(mutants: Mutant[]): string[] {
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ file, line, mutator, original, replacement, status }) => {
      const [was, is] = [original, replacement].map((text) => text.replace(/\s+/g, ' ').slice(0, 80));
      return `${file}:${line}  ${mutator}${status === 'NoCoverage' ? ' (not run)' : ''}  ${was}  →  ${is}`;
    });
}

function handIn(score: Score, every: Every): void {
  const { killed, survived, uncovered, percent } = score;
  const margin = every === 1 ? '' : `, give or take ${marginOf(score, every).toFixed(1)}`;
  const figure: Figure = {
    place: 9,
    tried: `faults put into the code of the pure rooms, one at a time (mutants)${every === 1 ? '' : `; one in ${every} of all that are possible`}`,
    count: killed + survived + uncovered,
    outcome: `${killed.toLocaleString('en-US')} noticed by the unit tests (${percent.toFixed(1)} %${margin})`,
  };
  const folder = join(root, 'dist', 'figures');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mutants.json'), `${JSON.stringify(figure)}\n`);
}
