import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { Step } from '../../src/api/plan.ts';
import { planDiff } from '../../src/report/diff.ts';
import { planReport, planSummary, shortStepText, stepText } from '../../src/report/plan.ts';
import { PLAIN } from '../../src/report/text.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, objective } from '../support/objects.ts';
import { refOf } from '../../src/api/ref.ts';
import { HOSTILE, plan } from './world.ts';

describe('a plan', () => {
  it('is a numbered list with a reason for each step', () => {
    expectGolden('report/plan.txt', planSummary(plan(), PLAIN));
    expectGolden('report/plan-colour.txt', planSummary(plan(), { color: true, width: 80 }));
  });

  it('of many steps lines its numbers up', () => {
    const steps = Array.from({ length: 10 }, () => plan().steps[7]!);
    const lines = planSummary({ ...plan(), steps }, PLAIN).split('\n');
    expect(lines[1]).to.match(/^ {3}1\. delete/);
    expect(lines[10]).to.match(/^ {2}10\. delete/);
  });

  it('gives the one reason of a run of steps once, behind it', () => {
    const step = (reason: string): Step => ({ ...plan().steps[7]!, reason });
    const steps = ['own', 'from the backup', 'from the backup', 'from the backup', 'own', 'own'].map(step);
    const lines = planSummary({ ...plan(), steps }, PLAIN)
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => !/^ {2}\d\. /.test(line)).map((line) => line.trim())).to.deep.equal([
      'Plan:',
      'own',
      '2 to 4: from the backup',
      '5 to 6: own',
    ]);
    expect(lines[6]).to.contain('2 to 4');
  });

  it('without steps is nothing to do', () => {
    expect(planSummary({ ...plan(), steps: [] }, PLAIN)).to.equal('Nothing to do.\n');
  });

  it('names every object in full, on one line, whatever it is called', () => {
    for (const step of plan().steps)
      if (step.action !== 'helm') expect(stepText(step)).to.match(/[a-z]+\.[a-z0-9.-]+\/\S+( -n llm)?/);
    const hostile: Step = {
      action: 'delete',
      ref: refOf(alphaPool(HOSTILE)),
      reason: HOSTILE,
      before: alphaPool(HOSTILE),
    };
    expect(planSummary({ ...plan(), steps: [hostile] }, PLAIN).split('\n')).to.have.length(4);
  });

  it('quotes what goes to a shell', () => {
    expect(stepText(plan().steps[2]!)).to.equal(
      "helm install food-ga oci://chart --set 'inferencePool.targetPorts[0].number=8000'",
    );
    expect(shortStepText(plan().steps[2]!)).to.equal('helm install food-ga --namespace llm');
    expect(shortStepText(plan().steps[5]!)).to.equal(stepText(plan().steps[5]!));
  });

  it('is a report with its steps as data', () => {
    const report = planReport(plan());
    expect(report).to.include({ apiVersion: 'kubectl-infpool/v1', kind: 'Plan' });
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });
});

describe('a diff', () => {
  it('shows each object before and after, and helm as a comment', () => {
    expectGolden('report/plan.diff', planDiff(plan()));
  });

  it('is empty where nothing would change', () => {
    const live: KubeObject = {
      ...objective(),
      metadata: { ...objective().metadata, uid: '1', resourceVersion: '2', managedFields: [] },
      status: {},
    };
    const same: Step = { action: 'apply', ref: refOf(live), reason: '', manifest: objective(), live };
    expect(planDiff({ ...plan(), steps: [same, plan().steps[5]!] })).to.equal('');
    const turned = { ...live, spec: Object.fromEntries(Object.entries(live['spec'] as object).reverse()) };
    expect(planDiff({ ...plan(), steps: [{ ...same, live: turned }] })).to.equal('');
  });

  it('of a route that is split holds its backendRefs and our annotation only', () => {
    const split = plan().steps[6]!;
    const changed = planDiff({ ...plan(), steps: [split] })
      .split('\n')
      .filter((line) => /^[-+](?![-+])/.test(line));
    expect(changed.filter((line) => line.startsWith('-'))).to.be.empty;
    expect(changed.length).to.be.within(7, 10);
  });
});
