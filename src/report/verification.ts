import { REPORT_API_VERSION } from '../api/names.ts';
import type { Check, Verification } from '../api/verification.ts';
import { describeRef } from '../api/ref.ts';
import { moreText } from './findings.ts';
import { table } from './table.ts';
import { count, paint, safe, wrap, type Style } from './text.ts';

export function verificationReport(verification: Verification): Record<string, unknown> {
  return { apiVersion: REPORT_API_VERSION, kind: 'Verification', ...verification };
}

const MARKS = {
  pass: ['√', 'green'],
  fail: ['×', 'red'],
  unknown: ['?', 'yellow'],
  skip: ['-', 'dim'],
} as const;

/** Grouped, with a hint for what failed; only the counts when everything passed, unless `all`. */
export function verificationText(verification: Verification, style: Style, all: boolean): string {
  const { checks } = verification;
  const lines: string[] = [];
  for (const [group, inGroup] of Map.groupBy(checks, (check) => check.group)) {
    const skippedAll = inGroup.every((check) => check.verdict === 'skip');
    const shown = all
      ? inGroup
      : inGroup.filter((check) => check.verdict === 'fail' || check.verdict === 'unknown' || skippedAll);
    const passed = inGroup.filter((check) => check.verdict === 'pass').length;
    const skipped = inGroup.filter((check) => check.verdict === 'skip').length;
    const tally = skippedAll
      ? 'skipped'
      : `${passed} of ${count(inGroup.length - skipped, 'check')} passed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    const worst = skippedAll
      ? 'skip'
      : inGroup.some((check) => check.verdict === 'fail')
        ? 'fail'
        : inGroup.some((check) => check.verdict === 'unknown')
          ? 'unknown'
          : 'pass';
    lines.push(`${mark(worst, style)} ${paint(style, 'bold', group)}: ${tally}`);
    for (const check of shown) lines.push(...checkLines(check, style));
  }
  const bad =
    checks.find(({ verdict }) => verdict === 'fail') ?? checks.find(({ verdict }) => verdict === 'unknown');
  if (bad) lines.push(moreText('check', bad.id, style).trimEnd());
  lines.push(`Verification: ${verification.verdict}`);
  return `${lines.join('\n')}\n`;
}

function checkLines(check: Check, style: Style): string[] {
  const head = `  ${mark(check.verdict, style)} ${check.id}: ${safe(describeRef(check.subject))}: ${safe(check.evidence)}`;
  const lines = [wrap(head, style.width, '      ')];
  if (check.hint !== '') lines.push(wrap(`      → ${safe(check.hint)}`, style.width, '        '));
  return lines;
}

function mark(verdict: Check['verdict'], style: Style): string {
  const [sign, color] = MARKS[verdict];
  return paint(style, color, sign);
}

export function verificationTable(verification: Verification, width = Infinity): string {
  return table(
    ['Verdict', 'Group', 'Check', 'Subject', 'Evidence'],
    verification.checks.map((check) => [
      check.verdict,
      check.group,
      check.id,
      describeRef(check.subject),
      check.evidence,
    ]),
    width,
  );
}
