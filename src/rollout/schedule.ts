import { UserError } from '../api/errors.ts';

/** `10,50,100` as rising whole percents that end at 100. Throws a UserError otherwise. */
export function parseSteps(text: string): number[] {
  const steps = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  const rising = steps.every((step, index) => step > (index === 0 ? 0 : steps[index - 1]!));
  if (!rising || steps.at(-1) !== 100)
    throw new UserError(`--steps ${JSON.stringify(text)} is not understood.`, {
      hint: 'Rising whole percents that end at 100, as in: --steps 10,50,100',
    });
  return steps;
}

/** The steps that are left for what is at `percent` now; the one that it is at comes first, so that its gate is held again. */
export function remainingSteps(steps: readonly number[], percent: number): number[] {
  return steps.filter((step) => step >= percent);
}
