import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { Plan, Step } from '../api/plan.ts';
import { describeRef, type Ref } from '../api/ref.ts';
import { applyPlan, type Outcome, type StepReport } from '../plan/apply.ts';
import { toJson } from '../api/json.ts';
import { planDiff } from '../report/diff.ts';
import { planReport, planSummary, shortStepText } from '../report/plan.ts';
import { paint, safe } from '../report/text.ts';
import { toYaml } from '../report/yaml.ts';
import { on, text, type Args } from './command.ts';
import type { Context } from './context.ts';
import { durationMs } from './flags.ts';
import { requireHelm } from './helmReady.ts';
import { requireRights } from './preflight.ts';
import { showFindings } from './session.ts';
import { waiter } from './waits.ts';

export interface Execution {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly args: Args;
  readonly context: Context;
  /** Asked before anything is written. */
  readonly question: string;
  /** Ask even where this plan has no step, because more follows. */
  readonly alwaysAsk?: boolean;
  /** The caller looks at the conflicts and plans again. Else the first one ends it: a step that was left out is not done. */
  readonly replans?: boolean;
  /** What a Helm release that is uninstalled takes along. */
  readonly released?: readonly KubeObject[];
  /** Called after the yes and before the first write: for the backup. */
  readonly beforeWrite?: () => Promise<void>;
}

/** `done` with the conflicts to plan again, or `shown`: a dry run or a diff, nothing written. */
export type Executed =
  | { readonly state: 'done'; readonly conflicts: readonly Ref[] }
  | { readonly state: 'shown'; readonly exitCode: ExitCode };

/** Shows the plan, asks, and carries it out: the one way from a decision to a write. */
export async function execute(execution: Execution): Promise<Executed> {
  const { args, context } = execution;
  // First of all: a flag that makes no sense must not be found out half-way.
  const timeoutMs = durationMs('timeout', text(args, 'timeout') ?? '5m');
  const plan = args['wait'] === false ? withoutWaits(execution.plan) : execution.plan;
  const shown = showOnly(plan, args, context);
  if (shown !== null) return { state: 'shown', exitCode: shown };

  context.stderr.write(
    plan.steps.length === 0 && execution.alwaysAsk
      ? 'Phase 1 is done already.\n'
      : planSummary(plan, context.style),
  );
  const dryRun = text(args, 'dry-run') === 'server' ? 'server' : 'none';
  if (plan.steps.length === 0 && !execution.alwaysAsk) return { state: 'done', conflicts: [] };
  await requireRights(execution.cluster, plan.steps, execution.released ?? [], args, context);
  await requireHelm(execution.cluster.helm, plan.steps);
  if (dryRun === 'none') {
    await confirm(execution.question, args, context);
    await execution.beforeWrite?.();
  }
  const outcomes: Outcome[] = [];
  const { conflicts } = await applyPlan(plan, {
    cluster: execution.cluster,
    helm: execution.cluster.helm,
    dryRun,
    timeoutMs,
    waitFor: waiter(execution.cluster, timeoutMs, context),
    onStart: (step) => progress(step, context),
    onEnd: (report) => {
      if (report.step.action !== 'wait') outcomes.push(report.outcome);
      result(report, dryRun === 'server', context);
    },
    stopAtConflict: !execution.replans,
  });
  if (dryRun === 'server') {
    context.stderr.write(dryRunText(outcomes));
    return { state: 'shown', exitCode: conflicts.length > 0 ? EXIT.refused : EXIT.ok };
  }
  if (execution.replans !== true) requireUnchanged(conflicts);
  return { state: 'done', conflicts };
}

function requireUnchanged([changed]: readonly Ref[]): void {
  if (!changed) return;
  throw new UserError(
    `${describeRef(changed)} was not written: someone changed it after the plan was made.`,
    {
      exitCode: EXIT.refused,
      hint: 'What was done before stays, and nothing was done after it; run this again: it goes on from what there is then.',
    },
  );
}

/** The last line of a dry run on the server: what it accepted, and nothing more. */
export function dryRunText(outcomes: readonly Outcome[]): string {
  const count = (of: Outcome) => outcomes.filter((outcome) => outcome === of).length;
  const [unchecked, changed] = [count('notChecked'), count('conflict')];
  if (unchecked + changed === 0) return 'Dry run: the API server accepted it; nothing was written.\n';
  const rest = [
    ...(unchecked > 0 ? [`${unchecked} could not be checked, for the reasons above`] : []),
    ...(changed > 0 ? [`${changed} met an object that somebody has just changed: run this again`] : []),
  ];
  const accepted = outcomes.length - unchecked - changed;
  return `Dry run: nothing was written. The API server accepted ${accepted} of ${outcomes.length} steps; ${rest.join('; ')}.\n`;
}

// A wait for something to be gone protects what comes after it; the others are the user's to leave out.
function withoutWaits(plan: Plan): Plan {
  return { ...plan, steps: plan.steps.filter((step) => step.action !== 'wait' || step.condition === 'gone') };
}

function showOnly(plan: Plan, args: Args, context: Context): ExitCode | null {
  const output = text(args, 'output');
  const client = text(args, 'dry-run') === 'client';
  if (output === 'diff') {
    const diff = planDiff(plan);
    context.stdout.write(diff);
    return diff !== '' && on(args, 'exit-code') ? EXIT.findings : EXIT.ok;
  }
  if (!client) return null;
  if (output === 'json') context.stdout.write(`${toJson(planReport(plan), 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(planReport(plan)));
  else {
    context.stderr.write(planSummary(plan, context.style));
    context.stderr.write('Dry run: nothing was written.\n');
  }
  return EXIT.ok;
}

/** Asks; refuses (exit 3) where there is no yes and nobody to ask. */
export async function confirm(question: string, args: Args, context: Context): Promise<void> {
  if (on(args, 'yes')) return;
  if (!context.interactive)
    throw new UserError('Refused: nothing was written, because there is no terminal to ask on.', {
      exitCode: EXIT.refused,
      hint: 'Look at the plan above, then run it again with --yes.',
    });
  const answer = await context.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new UserError('Stopped: nothing was written.', {
      exitCode: EXIT.refused,
      // Whoever answered something else may have meant yes.
      hint: /^(n|no|)$/i.test(answer.trim())
        ? ''
        : 'Only "y" or "yes" goes on: run it again and answer so, or pass --yes.',
    });
}

function progress(step: Step, context: Context): void {
  if (step.action === 'wait' || step.action === 'helm')
    context.stderr.write(`  … ${safe(shortStepText(step))}\n`);
}

const SIGNS = {
  done: ['√', 'green'],
  unchanged: ['=', 'dim'],
  conflict: ['!', 'yellow'],
  notChecked: ['?', 'yellow'],
} as const;

function result({ step, outcome, detail }: StepReport, dryRun: boolean, context: Context): void {
  const [sign, color] = SIGNS[outcome];
  const words =
    outcome === 'notChecked'
      ? [`not checked: ${detail}`]
      : [outcome === 'unchanged' ? 'unchanged' : '', detail, dryRun ? 'server dry run' : ''].filter(
          (word) => word !== '',
        );
  const tail = words.length > 0 ? ` (${safe(words.join('; '))})` : '';
  context.stderr.write(`  ${paint(context.style, color, sign)} ${safe(shortStepText(step))}${tail}\n`);
}

/** The findings of a plan, then its data, for a command that writes and has been given `-o json` or `yaml`. */
export function showPlan(plan: Plan, args: Args, context: Context): void {
  showFindings(plan.findings, context);
  const output = text(args, 'output');
  if (output === 'json') context.stdout.write(`${toJson(planReport(plan), 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(planReport(plan)));
}
