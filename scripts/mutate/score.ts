// How many mutants the tests noticed.
import type { Mutant } from './run.ts';
import type { Every } from './sample.ts';

export interface Score {
  /** A test failed, or the program did not end. */
  killed: number;
  survived: number;
  /** No test runs the line. */
  uncovered: number;
  percent: number;
}

export function scoreOf(mutants: Mutant[]): Score {
  const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return withPercent(count('Killed', 'Timeout'), count('Survived'), count('NoCoverage'));
}

export function sum(scores: Score[]): Score {
  const of = (key: keyof Score) => scores.reduce((total, score) => total + score[key], 0);
  return withPercent(of('killed'), of('survived'), of('uncovered'));
}

function withPercent(killed: number, survived: number, uncovered: number): Score {
  const all = killed + survived + uncovered;
  return { killed, survived, uncovered, percent: all === 0 ? 100 : (100 * killed) / all };
}

/** By how much, in percent, a sample's score may differ from that of all mutants, in 19 of 20 samples; 0 for all. */
export function marginOf({ killed, survived, uncovered, percent }: Score, every: Every): number {
  const tried = killed + survived + uncovered;
  if (every === 1 || tried === 0) return 0;
  return 1.96 * Math.sqrt(((percent * (100 - percent)) / tried) * (1 - 1 / every));
}
