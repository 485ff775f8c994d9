/** The value below which `percent` of the numbers lie (nearest rank); null when there are none. */
export function percentile(numbers: readonly number[], percent: number): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}
