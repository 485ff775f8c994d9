// A tenth of the mutants says in minutes what all of them say in hours, give or take two percent for ten thousand.

/** One in so many, evenly over the files; 1 for all. */
export type Every = number;

/** @param id Stryker's, which counts the mutants of a room from 0 in the order of their code */
export function isSampled(id: string, every: Every): boolean {
  return Number(id) % every === 0;
}

/** What our runner says of the others; Stryker leaves them out of account. */
export const NOT_SAMPLED = 'not in the sample';
