// What the live specs share: a migration under load through Envoy and real endpoint pickers, and what is said of it.
import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { startLoad, type Load, type LoadReport } from '../lab/load/load.ts';
import { timeline } from '../lab/load/print.ts';
import { span } from '../lab/load/report.ts';
import type { Bench } from './support.ts';
import { offline, type Outcome } from './support.ts';

export const BINARY = process.env['INFPOOL_BINARY'] ?? 'dist/kubectl-infpool';
/** Served by the lab's servers under its own name. */
export const MODEL = 'food-review';
const RATE = 100;
/** A new weight is everywhere this long after the API server has it: a controller and Envoy lie between. */
const SETTLE_MS = 1500;

export interface Step {
  percent: number;
  /** ms since the load's start */
  from: number;
  to: number;
}

/** The percent that the route gives v1, followed while `work` goes on. */
export async function followed(bench: Bench, load: Load, work: Promise<unknown>): Promise<Step[]> {
  const steps: Step[] = [];
  let over = false;
  void work.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    const percent = await v1Percent(bench);
    const now = Date.now() - load.startedAt;
    const last = steps.at(-1);
    if (last?.percent === percent) last.to = now;
    else {
      load.mark(`${percent} percent`);
      steps.push({ percent, from: now, to: now });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return steps;
}

export async function v1Percent(bench: Bench, namespace = 'mine'): Promise<number> {
  const refs = (await bench.route(namespace))['spec'].rules[0].backendRefs as {
    group: string;
    weight: number;
  }[];
  const total = refs.reduce((sum, ref) => sum + ref.weight, 0);
  const v1 = refs
    .filter((ref) => ref.group === 'inference.networking.k8s.io')
    .reduce((sum, ref) => sum + ref.weight, 0);
  return (100 * v1) / total;
}

export function underLoad(
  url: string,
  models: Parameters<typeof startLoad>[0]['models'] = [MODEL],
): Promise<Load> {
  return startLoad({ url, rate: RATE, models, streamShare: 0.5, maxSeconds: 150 });
}

export function expectZero(report: LoadReport): void {
  expect(report.failed, `\n${timeline(report)}\n${JSON.stringify(report.problems)}`).to.equal(0);
  expect(report.sent / report.seconds, 'requests a second').to.be.above(0.85 * RATE);
}

/**
 * The share that v1 served at each step is what the weights say. Envoy chooses by chance: within three standard deviations
 * it is 369 times of 370, and `npm run bench -- live` says for each step whether it was; a test must not fail once a month.
 */
export function expectShares(report: LoadReport, steps: readonly Step[]): void {
  for (const { percent, from, to } of steps) {
    if (to - from < SETTLE_MS + 1000) continue; // too short to say anything
    const seen = span(report, from + SETTLE_MS, to);
    const wanted = percent / 100;
    const deviation = Math.sqrt((wanted * (1 - wanted)) / seen.sent);
    expect(seen.v1Share, `${percent} percent: ${seen.sent} requests`).to.be.closeTo(
      wanted,
      4 * deviation + 1e-9,
    );
  }
}

export async function migrateArgs(...more: string[]): Promise<string[]> {
  return ['migrate', '-n', 'mine', '--yes', ...(await offline()), ...more];
}

/** Starts the binary, to be killed. */
export function started(bench: Bench, args: string[]): { kill: () => void; ended: Promise<Outcome> } {
  const child = spawn(BINARY, args, {
    env: { ...process.env, ...bench.lab.env, KUBECONFIG: bench.lab.kubeconfig('admin') },
  });
  let stderr = '';
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.end();
  const ended = new Promise<Outcome>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { kill: () => child.kill('SIGKILL'), ended };
}

export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50));
}
