import { expect } from 'chai';
import fc from 'fast-check';
import { UserError } from '../../src/api/errors.ts';
import type { Check, CheckVerdict } from '../../src/api/verification.ts';
import {
  decideGate as decideWatched,
  isTroubled,
  NOTHING_WATCHED,
  withLook,
  type GatePolicy,
  type Look,
} from '../../src/rollout/gate.ts';
import { parseSteps, remainingSteps } from '../../src/rollout/schedule.ts';

const subject = { group: '', version: 'v1', kind: 'Service', namespace: 'ns', name: 'epp' };
const check = (id: Check['id'], verdict: CheckVerdict): Check => ({
  id,
  group: 'g',
  subject,
  verdict,
  evidence: 'seen',
  hint: '',
});
const ok = { ok: true, text: '200' };
const bad = { ok: false, text: 'model "m": 500 ext_proc' };
const look = (probes: Look['probes'], ...checks: Check[]): Look => ({
  probes,
  checks,
  restarts: 0,
  picked: null,
});
const policy = { maxErrorRate: 0, minProbes: 5 };
const during = { over: false, expired: false };
const over = { over: true, expired: false };
const expired = { over: true, expired: true };
const five = [ok, ok, ok, ok, ok];

function decideGate(looks: readonly Look[], how: GatePolicy, time: Parameters<typeof decideWatched>[2]) {
  return decideWatched(looks.reduce(withLook, NOTHING_WATCHED), how, time);
}

describe('a gate', () => {
  it('goes on looking all through the interval, however good it looks', () => {
    expect(decideGate([look(five)], policy, during).verdict).to.equal('wait');
    expect(decideGate([look(five)], policy, over).verdict).to.equal('pass');
  });

  it('fails before the interval is over when a check fails twice in a row', () => {
    const failing = look([], check('epp-endpoints', 'fail'));
    expect(decideGate([failing], policy, during).verdict).to.equal('wait');
    expect(decideGate([failing, failing], policy, during)).to.deep.equal({
      verdict: 'fail',
      because: 'epp-endpoints: seen',
    });
  });

  it('keeps as much after ten thousand looks as after ten: it may go on for hours', () => {
    const seen = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ ...look([ok, ok, bad, ok]), picked: 1000 + at })).reduce(
        withLook,
        NOTHING_WATCHED,
      );
    expect(JSON.stringify(seen(10_000)).length - JSON.stringify(seen(10)).length).to.be.below(20);
    expect(seen(10_000)).to.include({ sent: 40_000, failed: 10_000, firstFailure: bad.text });
  });

  it('does not take two different failures for one that lasts', () => {
    const looks = [look([], check('epp-endpoints', 'fail')), look([], check('pods-ready', 'fail'))];
    expect(decideGate(looks, policy, during).verdict).to.equal('wait');
  });

  it('judges by the last two looks, and by one thing at a time', () => {
    const failing = check('epp-endpoints', 'fail');
    const other = { ...failing, subject: { ...subject, name: 'another' } };
    const good = check('pods-ready', 'pass');
    const verdict = (...checks: Check[][]) =>
      decideGate(
        checks.map((some) => look([], ...some)),
        policy,
        during,
      ).verdict;
    expect(verdict([], [good, failing], [good, failing])).to.equal('fail');
    expect(verdict([failing], [failing], [])).to.equal('wait');
    expect(verdict([failing], [{ ...failing, verdict: 'pass' }])).to.equal('wait');
    expect(verdict([{ ...failing, verdict: 'pass' }], [failing])).to.equal('wait');
    expect(verdict([other], [failing])).to.equal('wait');
    expect(verdict([other, failing], [failing])).to.equal('fail');
  });

  it('waits for a controller that has not caught up yet, and does not pass before it has', () => {
    const stale = look(five, check('route-current', 'fail'));
    expect(decideGate([stale, stale], policy, during).verdict).to.equal('wait');
    expect(decideGate([stale, stale], policy, over).verdict).to.equal('wait');
    expect(decideGate([stale, stale], policy, expired)).to.include({
      ...{ verdict: 'notEnough', lacks: 'certainty' },
    });
    expect(decideGate([stale, look(five, check('route-current', 'pass'))], policy, over).verdict).to.equal(
      'pass',
    );
  });

  it('fails early on a second failed request, and at the end on a single one', () => {
    expect(decideGate([look([ok, ok, bad])], policy, during).verdict).to.equal('wait');
    expect(decideGate([look([ok, bad, bad])], policy, during).verdict).to.equal('fail');
    expect(decideGate([look([ok, ok, ok, ok, bad])], policy, over).verdict).to.equal('fail');
  });

  it('says how many failed, and how', () => {
    expect(decideGate([look([bad, bad, ok])], policy, during).because).to.equal(
      '2 of 3 requests failed (model "m": 500 ext_proc)',
    );
  });

  it('fails early only when half of the wanted requests are through', () => {
    expect(decideGate([look([bad, bad])], policy, during)).to.deep.equal({ verdict: 'wait', because: '' });
    expect(decideGate([look([bad, bad])], { ...policy, minProbes: 4 }, during).verdict).to.equal('fail');
  });

  it('takes no few requests for a rate, where some may fail', () => {
    const half = [...five, bad, bad, bad, bad, bad];
    const bearing = { ...policy, maxErrorRate: 0.1 };
    expect(decideGate([look(half)], bearing, during).verdict).to.equal('wait');
    expect(decideGate([look([...half, ...half])], bearing, during).verdict).to.equal('fail');
    expect(decideGate([look(half)], bearing, over).verdict).to.equal('fail');
  });

  it('bears as many failures as it was told to', () => {
    const fifth = look([...five, ...five, ...five, ...five, bad, bad, bad, bad, bad]);
    expect(decideGate([fifth], { ...policy, maxErrorRate: 0.3 }, over).verdict).to.equal('pass');
    expect(decideGate([fifth], { ...policy, maxErrorRate: 0.1 }, during).verdict).to.equal('fail');
  });

  it('takes too little evidence for neither success nor failure', () => {
    const little = look([ok, ok]);
    expect(decideGate([little], policy, over)).to.deep.equal({
      verdict: 'wait',
      because: 'only 2 of at least 5 requests were sent',
      lacks: 'requests',
    });
    expect(decideGate([little], policy, expired)).to.include({ verdict: 'notEnough', lacks: 'requests' });
    expect(decideGate([look([])], { ...policy, minProbes: 0 }, over).verdict).to.equal('pass');
  });

  it('takes what could not be told for too little evidence', () => {
    const blind = look(five, check('cluster-readable', 'unknown'));
    expect(decideGate([blind, blind], policy, over).verdict).to.equal('wait');
    expect(decideGate([blind, blind], policy, expired)).to.include({ verdict: 'notEnough', lacks: 'sight' });
    const unsure = look(five, check('pool-accepted', 'unknown'));
    expect(decideGate([unsure, unsure], policy, expired).lacks).to.equal('certainty');
  });

  it('fails when the v1 endpoint picker was restarted, however well it serves again', () => {
    const before = { ...look(five), restarts: 3 };
    expect(decideGate([before, { ...before, restarts: 4 }], policy, during)).to.deep.equal({
      verdict: 'fail',
      because: 'the v1 endpoint picker was restarted once while it was watched',
    });
    expect(decideGate([before, { ...before, restarts: null }], policy, over).verdict).to.equal('pass');
  });

  it('says what it waits for', () => {
    const because = (...looks: Look[]) => decideGate(looks, policy, expired).because;
    expect(because()).to.equal('nothing was seen yet');
    expect(because(look(five, check('route-current', 'fail')))).to.equal('route-current: seen');
    expect(because(look(five, check('pods-ready', 'unknown')))).to.equal(
      'pods-ready could not be told: seen',
    );
    expect(because(look(five))).to.equal('5 requests, 0 failed');
  });

  it('counts restarts from the first look to the last', () => {
    const looks = [3, 3, 5].map((restarts) => ({ ...look(five), restarts }));
    expect(decideGate(looks, policy, during).because).to.contain('restarted 2 times');
    const replaced = [5, 1].map((restarts) => ({ ...look(five), restarts }));
    expect(decideGate(replaced, policy, over).verdict, 'another pod').to.equal('pass');
  });

  it('counts picks from the first look that could see them to the last', () => {
    const counted = (...picks: (number | null)[]) =>
      decideGate(
        picks.map((picked) => ({ ...look(Array.from({ length: 45 }, () => ok)), picked })),
        policy,
        { ...over, v1Expected: true },
      );
    expect(counted(7, 17, 27).because).to.contain('counted 20');
    expect(counted(null, 7, null, 9).because).to.contain('counted 2');
    expect(counted(null, 7).because).to.equal('90 requests, 0 failed');
    expect(counted(7, 7)).to.deep.equal({
      verdict: 'wait',
      because: 'the v1 endpoint picker counted no request, so something else may have picked',
      lacks: 'certainty',
    });
    const few = Array.from({ length: 89 }, () => ok);
    const looks = [7, 7].map((picked, at) => ({ ...look(at === 0 ? few : []), picked }));
    expect(decideGate(looks, policy, { ...over, v1Expected: true }).verdict).to.equal('pass');
  });

  it('says what the picker counted, and does not pass where it counted nothing of many', () => {
    const many = Array.from({ length: 100 }, () => ok);
    const counted = (picked: number | null) => ({ ...look(many), picked });
    const late = { ...over, v1Expected: true };
    expect(decideGate([counted(7), counted(27)], policy, late).because).to.equal(
      '200 requests, 0 failed; the v1 endpoint picker counted 20',
    );
    expect(decideGate([counted(7), counted(7)], policy, late).verdict).to.equal('wait');
    expect(decideGate([counted(7), counted(7)], policy, { ...late, expired: true })).to.include({
      ...{ verdict: 'notEnough', lacks: 'certainty' },
    });
    expect(decideGate([counted(7), counted(7)], policy, over).verdict, 'before any traffic').to.equal('pass');
    expect(
      decideGate([counted(null), counted(null)], policy, late).verdict,
      'metrics that can not be read',
    ).to.equal('pass');
  });

  it('does not care for objectives: requests are served without', () => {
    const missing = look(five, check('objectives-present', 'fail'));
    expect(decideGate([missing, missing], policy, over).verdict).to.equal('pass');
  });

  it('never passes with more failures than allowed, and never fails without any', () => {
    const verdicts = fc.constantFrom<CheckVerdict>('pass', 'skip', 'unknown');
    const looks = fc.array(
      fc.record({
        restarts: fc.constant(null),
        picked: fc.constant(null),
        probes: fc.array(fc.constantFrom(ok, bad), { maxLength: 6 }),
        checks: fc.array(
          verdicts.map((verdict) => check('epp-endpoints', verdict)),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(
        looks,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (seen, maxErrorRate, isOver) => {
          const { verdict } = decideGate(
            seen,
            { maxErrorRate, minProbes: 3 },
            { over: isOver, expired: isOver },
          );
          const probes = seen.flatMap((one) => one.probes);
          const failed = probes.filter((one) => !one.ok).length;
          if (verdict === 'pass') return probes.length >= 3 && failed / probes.length <= maxErrorRate;
          if (verdict === 'fail') return failed > 0 && failed / probes.length > maxErrorRate;
          return true;
        },
      ),
    );
  });
});

describe('a look in trouble', () => {
  it('is one with a failed request, or with a failed check that is not just slow', () => {
    expect(isTroubled(look([ok, bad, ok]))).to.be.true;
    expect(isTroubled(look([ok], check('pods-ready', 'pass'), check('epp-endpoints', 'fail')))).to.be.true;
    const calm = [check('pods-ready', 'unknown'), check('route-current', 'fail')];
    expect(isTroubled(look(five, ...calm, check('objectives-present', 'fail')))).to.be.false;
    expect(isTroubled(look([]))).to.be.false;
  });
});

describe('the steps of a migration', () => {
  it('rise to 100', () => {
    expect(parseSteps('10,50,100')).to.deep.equal([10, 50, 100]);
    expect(parseSteps(' 100 ')).to.deep.equal([100]);
    for (const text of [
      '',
      '10',
      '50,10,100',
      '10,10,100',
      '0,100',
      '10,x,100',
      '10,101',
      '10,,100',
      '1.5,100',
    ])
      expect(() => parseSteps(text), text)
        .to.throw(UserError, 'is not understood')
        .with.property('hint')
        .that.contains('--steps 10,50,100');
  });

  it('go on with the one that the cluster is at, whose gate is held again', () => {
    expect(remainingSteps([10, 50, 100], 0)).to.deep.equal([10, 50, 100]);
    expect(remainingSteps([10, 50, 100], 50)).to.deep.equal([50, 100]);
    expect(remainingSteps([10, 50, 100], 33)).to.deep.equal([50, 100]);
    expect(remainingSteps([10, 50, 100], 100)).to.deep.equal([100]);
  });
});
