import type { Check, Verification } from '../../api/verification.ts';
import { describeRef } from '../../api/ref.ts';
import type { ReportData } from '../reportData.ts';
import { badge, htmlTable, section, word, xml, type Tone } from './element.ts';

export const CHECK_TONES: Readonly<Record<Check['verdict'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  unknown: 'doubt',
  skip: 'plain',
};

const WORST: readonly Check['verdict'][] = ['fail', 'unknown', 'pass', 'skip'];

/** What `verify` saw, worst first in each group. */
export function checksSection({ verification }: ReportData): string {
  if (!verification) return section('checks', 'Checks', '<p>There is no pool to check.</p>');
  const groups = [...Map.groupBy(verification.checks, ({ group }) => group)];
  return section(
    'checks',
    'Checks',
    `<p>${verdictBadge(verification)} ${tally(verification.checks)}</p>`,
    ...groups.map(([group, checks]) => groupTable(group, checks)),
  );
}

function verdictBadge({ verdict }: Verification): string {
  return badge(
    CHECK_TONES[verdict],
    { pass: 'all passed', fail: 'some failed', unknown: 'some could not be made' }[verdict],
  );
}

export function tally(checks: readonly Check[]): string {
  const words = { pass: 'passed', fail: 'failed', unknown: 'could not be made', skip: 'skipped' };
  return WORST.flatMap((verdict) => {
    const number = checks.filter((check) => check.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${words[verdict]}`];
  }).join(', ');
}

function groupTable(group: string, checks: readonly Check[]): string {
  const sorted = WORST.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const rows = sorted.map(({ id, verdict, subject, evidence, hint }) => [
    word(id),
    badge(CHECK_TONES[verdict], verdict),
    xml(describeRef(subject)),
    `${xml(evidence)}${hint === '' ? '' : `<br><span class="faint">What to do: ${xml(hint)}</span>`}`,
  ]);
  return htmlTable(group, ['Check', 'Verdict', 'About', 'What was seen'], rows);
}
