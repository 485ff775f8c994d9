/** Gateway API's upper bound of a backendRef's weight. */
export const MAX_WEIGHT = 1_000_000;
/** How far, in percent, whole weights may leave a share from what was asked. */
export const TOLERANCE = 0.01;

/** Weights of a pair, and what every other weight of the rule has to be multiplied by so that no share moves. */
export interface PairWeights {
  readonly alpha: number;
  readonly v1: number;
  readonly factor: number;
}

/**
 * Splits `total` (the pair's weight so far) so that `percent` of it goes to v1; a share set by hand need not be whole.
 * Alone in its rule a pair simply gets 100 - percent and percent. Beside others the weights are exact when all of them
 * can be multiplied by a small factor; where that would exceed Gateway API's 1,000,000 the largest factor is taken.
 * Returns null when even then the share would be off by more than 0.01 percent.
 */
export function pairWeights(total: number, others: readonly number[], percent: number): PairWeights | null {
  const whole = Number.isInteger(percent);
  if (others.every((weight) => weight === 0)) {
    if (whole) return { alpha: 100 - percent, v1: percent, factor: 1 };
    const v1 = Math.round((MAX_WEIGHT * percent) / 100);
    return { alpha: MAX_WEIGHT - v1, v1, factor: 1 };
  }
  const exact = whole ? 100 / greatestCommonDivisor(100, total * percent) : MAX_WEIGHT;
  const largest = Math.max(total, ...others);
  const factor = Math.min(exact, Math.floor(MAX_WEIGHT / largest));
  if (factor < 1) return null;
  const sum = total * factor;
  const v1 = Math.round((sum * percent) / 100);
  if (Math.abs((100 * v1) / sum - percent) > TOLERANCE) return null;
  return { alpha: sum - v1, v1, factor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
