import { UserError } from '../api/errors.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a Go duration (`30s`, `1m30s`, `500ms`) or of whole seconds; 0 means no limit. What kubectl's
 * `--request-timeout` takes.
 * @throws UserError naming the flag
 */
export function parseRequestTimeout(text: string): number {
  const value = text.trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) {
    throw new UserError(`--request-timeout "${text}" is not a duration`, {
      hint: 'Write for example 30s, 1m30s, or 0 for none.',
    });
  }
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * UNITS[unit!]!;
  return Math.round(total);
}
