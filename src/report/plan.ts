import { REPORT_API_VERSION } from '../api/names.ts';
import type { Plan, Step } from '../api/plan.ts';
import { qualifiedRef } from '../api/ref.ts';
import { paint, safe, shellWord, type Style } from './text.ts';

export function planReport(plan: Plan): Record<string, unknown> {
  return { apiVersion: REPORT_API_VERSION, kind: 'Plan', ...plan };
}

/** What a step will do, in one line. */
export function stepText(step: Step): string {
  const where = step.ref.namespace === '' ? '' : ` -n ${step.ref.namespace}`;
  const what = `${qualifiedRef(step.ref)}${where}`;
  switch (step.action) {
    case 'apply':
      // A manifest without a spec adds to an object that is there by then.
      if (step.manifest['spec'] === undefined) return `annotate ${what}`;
      return `${step.live ? 'update' : 'create'} ${what}`;
    case 'create':
      return `create ${what}, unless it is there`;
    case 'crd':
      return `${step.live ? 'update' : 'install'} ${what}`;
    case 'patchRoute':
    case 'patch':
      return `patch ${what}`;
    case 'helm':
      return `helm ${step.args.map(shellWord).join(' ')}`;
    case 'wait':
      return `wait ${WAITS[step.condition]}: ${what}`;
    case 'delete':
      return `delete ${what}`;
  }
}

/** The same for a step that is under way or done: the plan has shown helm's arguments already. */
export function shortStepText(step: Step): string {
  return step.action === 'helm'
    ? `helm ${step.verb} ${step.release} --namespace ${step.namespace}`
    : stepText(step);
}

const WAITS = {
  poolReady: 'until the pool is accepted',
  eppReady: 'until its endpoint picker is ready',
  routeAccepted: 'until the route is accepted',
  gone: 'until it is gone',
} as const;

/** The plan as a numbered list with the reason of each step: what a person says yes to. */
export function planSummary({ steps }: Plan, style: Style): string {
  if (steps.length === 0) return 'Nothing to do.\n';
  const width = String(steps.length).length;
  const lines = steps.flatMap((step, index) => {
    const line = `  ${String(index + 1).padStart(width)}. ${safe(stepText(step))}`;
    if (steps[index + 1]?.reason === step.reason) return [line];
    // Of a run with one reason it is told once, behind the last.
    let first = index;
    while (first > 0 && steps[first - 1]!.reason === step.reason) first--;
    const run = first === index ? '' : `${first + 1} to ${index + 1}: `;
    return [line, `${' '.repeat(width + 4)}${paint(style, 'dim', safe(`${run}${step.reason}`))}`];
  });
  return `Plan:\n${lines.join('\n')}\n`;
}
