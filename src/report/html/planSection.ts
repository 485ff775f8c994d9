import type { Step } from '../../api/plan.ts';
import { stepText } from '../plan.ts';
import type { ReportData, ReportPhase } from '../reportData.ts';
import { shownDiff } from '../shownDiff.ts';
import { diffBlock, section, xml } from './element.ts';

/** What will be done, in order, with the reason of each step and what it changes. */
export function planSection({ phases }: ReportData): string {
  return section(
    'plan',
    'The plan',
    '<p>Nothing of this was carried out by making this report.</p>',
    ...phases.map((phase, index) => phaseHtml(phase, index + 1)),
  );
}

function phaseHtml({ title, what, plan, missing }: ReportPhase, number: number): string {
  return [
    `<h3>Phase ${number}: ${xml(title)}</h3>`,
    `<p>${xml(what)}</p>`,
    ...(missing === '' ? [] : [`<p class="verdict doubt">? Not known: ${xml(missing)}</p>`]),
    ...(plan.steps.length > 0 ? [`<ol>${plan.steps.map(stepHtml).join('\n')}</ol>`] : []),
    ...(plan.steps.length === 0 && missing === '' ? ['<p>Nothing to do.</p>'] : []),
  ].join('\n');
}

function stepHtml(step: Step): string {
  const diff = shownDiff(step);
  const shown = diff === '' ? '' : `<details><summary>What changes</summary>${diffBlock(diff)}</details>`;
  return `<li><code>${xml(stepText(step))}</code><br><span class="faint">${xml(step.reason)}</span>${shown}</li>`;
}
