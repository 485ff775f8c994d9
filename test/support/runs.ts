/** Set by `npm run test:unit`: an answer in seconds, at the price of fewer examples. `npm test` has all of them. */
export const QUICK = 'INFPOOL_QUICK';

/** fast-check's `numRuns` for a property whose examples take their time. @param all how many in `npm test` */
export function runs(all: number): { numRuns: number } {
  return { numRuns: process.env[QUICK] === '1' ? Math.ceil(all / 4) : all };
}
