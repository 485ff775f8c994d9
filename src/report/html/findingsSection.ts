import { shellWord } from '../../api/shellWord.ts';
import type { Finding } from '../../api/finding.ts';
import { describeRef } from '../../api/ref.ts';
import type { ReportData } from '../reportData.ts';
import { badge, code, section, xml, type Tone } from './element.ts';

const TONES: Readonly<Record<Finding['severity'], Tone>> = { error: 'bad', warning: 'doubt', info: 'plain' };
const ORDER = ['error', 'warning', 'info'] as const;

/** So many objects of one finding are told in full; the others are named. */
const TOLD = 5;

/** What was found, worst first: what is, why it matters, what to do. */
export function findingsSection({ findings }: ReportData): string {
  if (findings.length === 0) return section('findings', 'Findings', '<p>There are no findings.</p>');
  const groups = Map.groupBy(
    ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity)),
    ({ id, severity }) => `${severity} ${id}`,
  );
  return section('findings', 'Findings', ...[...groups.values()].map(findingGroup));
}

function findingGroup(group: readonly Finding[]): string {
  const { id, severity } = group[0]!;
  const rest = group.slice(TOLD);
  return [
    `<div class="finding ${severity}">`,
    `<h3>${badge(TONES[severity], severity)} ${xml(id)}</h3>`,
    ...group.slice(0, TOLD).map(findingText),
    ...(rest.length === 0
      ? []
      : [
          `<details><summary>and ${rest.length} more</summary><ul>${rest.map((one) => `<li>${placeOf(one)}</li>`).join('')}</ul></details>`,
        ]),
    `<p class="faint">More: ${code(`kubectl infpool explain ${shellWord(id)}`)}</p>`,
    '</div>',
  ].join('\n');
}

function findingText(finding: Finding): string {
  const { message, hint } = finding;
  return `<p><strong>${placeOf(finding)}</strong><br>${xml(message)}</p>${hint === '' ? '' : `<p>What to do: ${xml(hint)}</p>`}`;
}

function placeOf({ ref, field }: Finding): string {
  return (
    [ref ? xml(describeRef(ref)) : '', field === '' ? '' : code(field)]
      .filter((part) => part !== '')
      .join(', ') || 'The whole'
  );
}
