import { expect } from 'chai';
import fc from 'fast-check';
import { emptyRecord, parseRecord, type RecordedLook } from '../../src/api/record.ts';
import { addLook, latenciesOf, MOST_LOOKS, standsFor } from '../../src/rollout/recordedLooks.ts';
import { timelineOf } from '../../src/rollout/timeline.ts';
import { DONE } from '../reportPage/data.ts';

const START = Date.parse('2026-11-24T10:00:00Z');

const look = (second: number, more: Partial<RecordedLook> = {}): RecordedLook => ({
  at: new Date(START + second * 1000).toISOString(),
  percent: 10,
  sent: 4,
  failed: 0,
  ms: [40, 40, 50, 60 + (second % 7)],
  picked: 1000 + second,
  failing: [],
  ...more,
});

function kept(looks: readonly RecordedLook[]): RecordedLook[] {
  const list: RecordedLook[] = [];
  for (const one of looks) addLook(list, one);
  return list;
}

const run = (looks: RecordedLook[]) => ({ ...DONE, endedAt: null, steps: [{ ...DONE.steps[0]!, looks }] });

describe('the looks of a step in a record', () => {
  it('are each kept as long as there are not too many', () => {
    const looks = Array.from({ length: MOST_LOOKS }, (_, second) => look(second));
    expect(kept(looks)).to.deep.equal(looks);
  });

  it('of hours take no more room than those of half an hour, and stand for about the same time each', () => {
    const text = (seconds: number) =>
      JSON.stringify(kept(Array.from({ length: seconds }, (_, second) => look(second)))).length;
    expect(text(20_000)).to.be.below(1.5 * text(2000));
    const spans = kept(Array.from({ length: 10_000 }, (_, second) => look(second))).map(standsFor);
    expect(spans.length).to.be.within(MOST_LOOKS / 2, MOST_LOOKS);
    expect(new Set(spans.slice(1, -1)).size, 'all the same').to.equal(1);
  });

  it('lose no request, failure, pick or failed check, and stay a record that can be read', () => {
    const second = fc.record({
      sent: fc.constant(4),
      failed: fc.nat(4),
      failing: fc.subarray(['epp-endpoints', 'pods-ready']),
    });
    fc.assert(
      fc.property(fc.array(second, { minLength: 1, maxLength: 40 }), fc.nat(1200), (some, more) => {
        const all = [...some, ...Array.from({ length: more }, () => ({}))].map((one, at) => look(at, one));
        const list = kept(all);
        const [exact, told] = [timelineOf(run(all)), timelineOf(run(list))];
        expect(told.steps).to.deep.equal(exact.steps);
        expect(told.to).to.equal(exact.to);
        expect(latenciesOf(list).counted()).to.deep.equal(latenciesOf(all).counted());
        const record = { ...emptyRecord('https://x'), runs: [run(list)] };
        expect(parseRecord(JSON.stringify(record), 'f')).to.deep.equal(record);
      }),
      { numRuns: 20 },
    );
  });

  it('in a chart leave no gap where several are one', () => {
    const { points } = timelineOf(run(kept(Array.from({ length: 5000 }, (_, second) => look(second)))));
    expect(points.length).to.be.within(60, 120);
    for (const [index, point] of points.slice(1).entries()) expect(point.from).to.equal(points[index]!.to);
  });

  it('with a count that is none are refused', () => {
    for (const wrong of [{ counted: [[1]] }, { counted: 5 }, { until: 'soon' }, { looks: '2' }]) {
      const text = JSON.stringify({
        ...emptyRecord('https://x'),
        runs: [run([look(1, wrong as Partial<RecordedLook>)])],
      });
      expect(() => parseRecord(text, 'f'), JSON.stringify(wrong)).to.throw(/fields/);
    }
  });
});
