import type { Step } from '../api/plan.ts';
import { stepDiff } from './diff.ts';

/** Longer diffs are cut: a report is read, and the command has the whole of it. */
const LINES = 200;

/**
 * The diff of a step as a report shows it; '' where there is none to show. Schemas of CRDs are long and upstream's; of what
 * is deleted, which may hold what is not for everybody's eyes, only the names are told.
 */
export function shownDiff(step: Step): string {
  if (step.action === 'crd' || step.action === 'delete' || step.action === 'helm') return '';
  const lines = stepDiff(step).replace(/\n$/, '').split('\n');
  if (lines.length <= LINES) return lines.join('\n');
  return [...lines.slice(0, LINES), `# and ${lines.length - LINES} more lines: -o diff has them`].join('\n');
}
