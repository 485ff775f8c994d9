import type { Finding } from '../api/finding.ts';
import { describeRef } from '../api/ref.ts';
import { verdictText } from './inventory.ts';
import { markdownCode, markdownRow, markdownText } from './markdown.ts';
import { stepText } from './plan.ts';
import type { ReportData, ReportPhase } from './reportData.ts';
import { shownDiff } from './shownDiff.ts';
import { statusMarkdown } from './status.ts';
import { OUTCOME_WORDS, stepCells, STEP_HEAD } from './timelineRows.ts';

/** By which a file is known to be a report of ours. */
export const MARKDOWN_MARK = '<!-- kubectl infpool report -->';

/** For a change request: the same as the page, shorter. */
export function reportMarkdown(data: ReportData): string {
  const { inventory, server, scope, generatedAt, version, status } = data;
  const [verdict = ''] = verdictText(inventory).split('\n');
  return [
    MARKDOWN_MARK,
    '# Inference pools: from v1alpha2 to v1',
    '',
    `${markdownText(server)}, ${markdownText(scope)}, on ${generatedAt}, by version ${markdownText(version)} of kubectl infpool.`,
    '',
    `**${markdownText(verdict)}**`,
    '',
    ...inventory.unread.map(
      ({ resource, message }) => `- Could not check ${markdownText(resource)}: ${markdownText(message)}`,
    ),
    ...(data.pools.length === 0
      ? inventory.checked.map((line) => `- ${markdownText(line)}`)
      : [statusMarkdown({ pools: status })]),
    '',
    '## Now',
    '',
    ...fenced('mermaid', data.now.mermaid),
    ...(data.planned ? ['## As planned', '', ...fenced('mermaid', data.planned.mermaid)] : []),
    ...findingLines(data.findings),
    '## Plan',
    '',
    ...data.phases.flatMap(phaseLines),
    ...checkLines(data),
    ...timelineLines(data),
    ...crdLines(data),
  ].join('\n');
}

// A fence that is longer than any in the text.
function fenced(language: string, text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text.replace(/\n$/, ''), fence, ''];
}

function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['## Findings', '', 'None.', ''];
  const order = ['error', 'warning', 'info'] as const;
  const lines = order.flatMap((severity) =>
    findings.filter((one) => one.severity === severity).map(findingLine),
  );
  return ['## Findings', '', ...lines, ''];
}

function findingLine({ id, severity, ref, field, message, hint }: Finding): string {
  const place = [ref ? markdownText(describeRef(ref)) : '', field === '' ? '' : markdownCode(field)]
    .filter((part) => part !== '')
    .join(', ');
  return `- **${severity}** ${markdownCode(id)}${place === '' ? '' : `: ${place}`}: ${markdownText(message)}${hint === '' ? '' : ` What to do: ${markdownText(hint)}`}`;
}

function phaseLines({ title, what, plan, missing }: ReportPhase, index: number): string[] {
  return [
    `### Phase ${index + 1}: ${markdownText(title)}`,
    '',
    markdownText(what),
    '',
    ...(missing === '' ? [] : [`Not known: ${markdownText(missing)}`, '']),
    ...(plan.steps.length === 0 && missing === '' ? ['Nothing to do.', ''] : []),
    ...plan.steps.map(
      (step, number) => `${number + 1}. ${markdownCode(stepText(step))}: ${markdownText(step.reason)}`,
    ),
    ...(plan.steps.length === 0 ? [] : ['']),
    ...diffLines(plan.steps.map(shownDiff).filter((diff) => diff !== '')),
  ];
}

function diffLines(diffs: readonly string[]): string[] {
  if (diffs.length === 0) return [];
  return [
    '<details><summary>What changes</summary>',
    '',
    ...fenced('diff', diffs.join('\n')),
    '</details>',
    '',
  ];
}

function checkLines({ verification }: ReportData): string[] {
  if (!verification) return [];
  const passed = verification.checks.filter(({ verdict }) => verdict === 'pass').length;
  const others = verification.checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
  return [
    '## Checks',
    '',
    `${verification.verdict}: ${passed} of ${verification.checks.length} passed.`,
    '',
    ...others.map(
      ({ id, verdict, subject, evidence, hint }) =>
        `- **${verdict}** ${markdownCode(id)}: ${markdownText(describeRef(subject))}: ${markdownText(evidence)}${hint === '' ? '' : ` What to do: ${markdownText(hint)}`}`,
    ),
    ...(others.length === 0 ? [] : ['']),
  ];
}

function timelineLines({ timelines }: ReportData): string[] {
  return timelines.flatMap(({ outcome, because, steps }, index) => [
    `## Run ${index + 1} of the migration: ${OUTCOME_WORDS[outcome]}`,
    '',
    ...(because === '' ? [] : [markdownText(because), '']),
    'Requests are those of kubectl infpool itself: a sample.',
    '',
    markdownRow(STEP_HEAD),
    `|${STEP_HEAD.map(() => '---').join('|')}|`,
    ...steps.map((step) => markdownRow(stepCells(step).map(markdownText))),
    '',
  ]);
}

function crdLines({ inventory, release }: ReportData): string[] {
  const words = {
    installed: 'installed',
    absent: 'not installed',
    forbidden: 'could not check',
    failed: 'could not check',
  };
  return [
    '## CRDs and versions',
    '',
    `Server ${inventory.server ? markdownText(inventory.server.gitVersion) : 'not known'}; release to convert to: ${release}.`,
    '',
    markdownRow(['CRD', 'State', 'Bundle']),
    '|---|---|---|',
    ...inventory.crds.map(({ name, state, bundleVersion }) =>
      markdownRow([
        markdownText(name),
        words[state],
        state === 'installed' ? markdownText(bundleVersion ?? 'v0.x') : '–',
      ]),
    ),
    '',
  ];
}
