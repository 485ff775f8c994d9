import { expect } from 'chai';
import { emptyRecord, parseRecord } from '../../src/api/record.ts';
import { timelineOf } from '../../src/rollout/timeline.ts';
import { DONE, ROLLED_BACK } from '../reportPage/data.ts';

describe('the timeline of a run', () => {
  it('has every request and every failure once', () => {
    for (const run of [ROLLED_BACK, DONE]) {
      const { points, steps } = timelineOf(run);
      const sent = run.steps.flatMap(({ looks }) => looks).reduce((sum, look) => sum + look.sent, 0);
      const total = (list: readonly { sent: number; failed: number }[], what: 'sent' | 'failed') =>
        list.reduce((sum, one) => sum + one[what], 0);
      expect(total(points, 'sent')).to.equal(sent);
      expect(total(steps, 'sent')).to.equal(sent);
      expect(total(points, 'failed')).to.equal(total(steps, 'failed'));
    }
  });

  it('goes forward, from the start to the end', () => {
    const { points, from, to } = timelineOf(ROLLED_BACK);
    for (const [index, point] of points.entries()) {
      expect(point.to).to.be.above(point.from);
      if (index > 0) expect(point.from).to.be.at.least(points[index - 1]!.to - 1e-6);
    }
    expect(points[0]!.from).to.be.at.least(from);
    expect(points.at(-1)!.to).to.be.at.most(to + 1e-6);
  });

  it('reckons a step: its median, its slowest, what the picker counted meanwhile', () => {
    const [before, ten, fifty] = timelineOf(ROLLED_BACK).steps;
    expect(before).to.include({ wanted: 0, sent: 16, failed: 0, picked: 0 });
    expect(ten!.p50).to.be.within(40, 63);
    expect(fifty).to.include({ failed: 2, p99: 900, verdict: 'fail' });
    expect(fifty!.failing).to.deep.equal(['epp-endpoints']);
  });

  it('without metrics does not claim that the picker counted nothing', () => {
    const steps = DONE.steps.map((step) => ({
      ...step,
      looks: step.looks.map((look) => ({ ...look, picked: null })),
    }));
    for (const step of timelineOf({ ...DONE, steps }).steps) expect(step.picked).to.equal(null);
  });

  it('of a run that was killed ends with its last look', () => {
    const [first, second] = ROLLED_BACK.steps;
    const killed = timelineOf({
      ...ROLLED_BACK,
      endedAt: null,
      outcome: 'running',
      steps: [first!, { ...second!, to: null, verdict: '' }],
    });
    expect(killed.outcome).to.equal('running');
    expect(killed.to).to.equal(Date.parse(second!.looks.at(-1)!.at));
    expect(killed.steps[1]!.to).to.equal(killed.to);
  });

  it('of a run that ended before anything was seen is empty, not broken', () => {
    const { points, steps } = timelineOf({ ...DONE, steps: [], outcome: 'failed' });
    expect({ points, steps }).to.deep.equal({ points: [], steps: [] });
  });
});

describe('a record', () => {
  const whole = { ...emptyRecord('https://x'), runs: [ROLLED_BACK, DONE] };

  it('is read as it was written', () => {
    expect(parseRecord(JSON.stringify(whole), 'f')).to.deep.equal(whole);
  });

  const wrong: [name: string, text: string, message: RegExp][] = [
    ['no JSON', '{', /not JSON/],
    ['another kind', JSON.stringify({ ...whole, kind: 'Plan' }), /kind/],
    ['of a later program', JSON.stringify({ ...whole, apiVersion: 'kubectl-infpool/v2' }), /apiVersion/],
    ['null', 'null', /kind/],
    [
      'with a run that lacks its steps',
      JSON.stringify({ ...whole, runs: [{ ...DONE, steps: undefined }] }),
      /fields/,
    ],
    [
      'with a time that is none',
      JSON.stringify({ ...whole, runs: [{ ...DONE, startedAt: 'soon' }] }),
      /fields/,
    ],
    [
      'with an outcome that is none',
      JSON.stringify({ ...whole, runs: [{ ...DONE, outcome: 'great' }] }),
      /fields/,
    ],
  ];
  for (const [name, text, message] of wrong)
    it(`that is ${name} is refused`, () => {
      expect(() => parseRecord(text, 'f')).to.throw(message);
    });
});
