import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { CrdStep, HelmStep, Step } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import { applyPlan, type StepReport } from '../../src/plan/apply.ts';
import { FakeHelm, type FakeCluster } from '../support/fakes.ts';
import { v1Pool } from '../support/objects.ts';

const reason = 'because';

export const apply = (manifest: KubeObject, live: KubeObject | null = null): Step => ({
  action: 'apply',
  ref: refOf(manifest),
  reason,
  manifest,
  live,
});
export const create = (manifest: KubeObject): Step => ({
  action: 'create',
  ref: refOf(manifest),
  reason,
  manifest,
});
export const remove = (before: KubeObject): Step => ({
  action: 'delete',
  ref: refOf(before),
  reason,
  before,
});
export const install = (manifest: KubeObject, more: Partial<CrdStep> = {}): Step => ({
  action: 'crd',
  ref: refOf(manifest),
  reason,
  manifest,
  live: null,
  ...more,
});
export const wait = (object: KubeObject): Step => ({
  action: 'wait',
  ref: refOf(object),
  reason,
  condition: 'eppReady',
});
export const helm = (verb: HelmStep['verb'] = 'install'): Step => ({
  action: 'helm',
  verb,
  ref: refOf(v1Pool()),
  reason,
  release: 'food-ga',
  namespace: 'llm',
  args: [verb, 'food-ga'],
});

/** Carries the steps out; `outcomes` are `done` or `unchanged: why`. */
export async function run(
  cluster: FakeCluster,
  steps: Step[],
  more: { dryRun?: 'none' | 'server'; helm?: FakeHelm } = {},
) {
  const reports: StepReport[] = [];
  const started: Step[] = [];
  const waited: string[] = [];
  const { conflicts } = await applyPlan(
    { objects: [], steps, findings: [] },
    {
      cluster,
      helm: more.helm ?? new FakeHelm(),
      dryRun: more.dryRun ?? 'none',
      timeoutMs: 1000,
      waitFor: async ({ ref }) => void waited.push(ref.name),
      onStart: (step) => started.push(step),
      onEnd: (report) => reports.push(report),
    },
  );
  expect(started, 'every step is announced').to.deep.equal(steps);
  return {
    conflicts,
    waited,
    outcomes: reports.map(({ outcome, detail }) => (detail ? `${outcome}: ${detail}` : outcome)),
  };
}

export async function failure(promise: Promise<unknown>): Promise<UserError> {
  return promise.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => {
      expect(error).to.be.instanceOf(UserError);
      return error as UserError;
    },
  );
}
