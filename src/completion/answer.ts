import type { Candidate } from './spec.ts';

/** What the shell is to do beside showing candidates (cobra's ShellCompDirective); sums of them are fine. */
export const DIRECTIVE = {
  /** Files where there are no candidates. */
  default: 0,
  noSpace: 2,
  noFiles: 4,
  foldersOnly: 16,
  keepOrder: 32,
} as const;

/**
 * One candidate a line with its description after a tab, then the directive: what kubectl and cobra's shell scripts read.
 * Only those that go on from what is typed, each once.
 */
export function answerText(candidates: readonly Candidate[], typed: string, directive: number): string {
  const fitting = new Map(
    candidates
      .filter(({ value }) => value.startsWith(typed) && isPlain(value))
      .map(({ value, about }) => [value, oneLine(about)]),
  );
  const lines = [...fitting].map(([value, about]) => (about === '' ? value : `${value}\t${about}`));
  return [...lines, `:${directive}`, ''].join('\n');
}

// Names come from a cluster or a file. What can't be on one line, or would reach the terminal as a command to it, is none.
function isPlain(value: string): boolean {
  return value !== '' && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);
}

function oneLine(about: string): string {
  return about
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
}
