import { expect } from 'chai';
import type { UserError } from '../../src/api/errors.ts';
import { emptyRecord, parseRecord, type RecordedLook, type RecordedRun } from '../../src/api/record.ts';

const AT = '2026-05-01T10:00:00.000Z';
const LOOK: RecordedLook = {
  ...{ at: AT, until: AT, looks: 3, percent: 50, sent: 7, failed: 1, ms: [5, 6], counted: [[5, 2]] },
  ...{ picked: 6, failing: ['probe-status'] },
};
const STEP = { wanted: 50, from: AT, to: AT, verdict: 'pass', because: 'all answered', looks: [LOOK] };
const RUN: RecordedRun = {
  ...{ startedAt: AT, endedAt: AT, outcome: 'done', because: '', pools: ['llm/food'], steps: [STEP] },
};

const withRun = (run: object) => JSON.stringify({ ...emptyRecord('https://x'), runs: [run] });
const withStep = (step: object) => withRun({ ...RUN, steps: [step] });
const withLook = (look: object) => withStep({ ...STEP, looks: [look] });
const read = (text: string) => parseRecord(text, 'run.json');

/** For each field what is not taken for it; `undefined`: it may not be missing. */
const WRONG: [put: (fields: object) => string, whole: object, fields: Record<string, unknown[]>][] = [
  [
    withRun,
    RUN,
    {
      startedAt: [undefined, null, 'soon', 5],
      endedAt: [undefined, 'late', 5],
      outcome: [undefined, null, 'great'],
      because: [undefined, null, 5],
      pools: [undefined, 'llm/food', [5]],
      steps: [undefined, {}, ['50']],
    },
  ],
  [
    withStep,
    STEP,
    {
      wanted: [undefined, null, '50'],
      from: [undefined, null, 'soon'],
      to: [undefined, 'late', 5],
      verdict: [undefined, null, 5],
      because: [undefined, null, 5],
      looks: [undefined, null, [5]],
    },
  ],
  [
    withLook,
    LOOK,
    {
      at: [undefined, null, 'soon', 5],
      until: [null, 'late', 5],
      looks: [null, '3'],
      percent: [undefined, '50'],
      sent: [undefined, null, '7'],
      failed: [undefined, null, '1'],
      ms: [undefined, null, ['5']],
      counted: [null, [5], [[5]], [[5, 2, 1]], [['5', 2]]],
      picked: [undefined, '6'],
      failing: [undefined, null, [5]],
    },
  ],
];

describe('the record of a migration', () => {
  it('is read with all that it may hold, and with all that may be missing or not known', () => {
    const { until: _until, looks: _looks, counted: _counted, ...least } = LOOK;
    const unknown = { ...least, percent: null, picked: null };
    for (const text of [
      withLook(LOOK),
      withLook(unknown),
      withStep({ ...STEP, to: null }),
      withRun({ ...RUN, endedAt: null }),
      ...['running', 'done', 'rolledBack', 'stopped', 'failed'].map((outcome) =>
        withRun({ ...RUN, outcome }),
      ),
    ])
      expect(read(text)).to.deep.equal(JSON.parse(text));
  });

  for (const [put, whole, fields] of WRONG)
    for (const [field, values] of Object.entries(fields))
      it(`is refused where ${field} is ${values.map((value) => JSON.stringify(value) ?? 'missing').join(', ')}`, () => {
        for (const value of values)
          expect(() => read(put({ ...whole, [field]: value }))).to.throw(/fields are/);
      });

  it('begins without a run', () => {
    const empty = {
      apiVersion: 'kubectl-infpool/v1',
      kind: 'MigrationRecord',
      server: 'https://x',
      runs: [],
    };
    expect(emptyRecord('https://x')).to.deep.equal(empty);
  });

  it('is of our kind and version', () => {
    const wrong = (more: object) => JSON.stringify({ ...emptyRecord('https://x'), ...more });
    expect(() => read(wrong({ kind: 'Report' }))).to.throw(/: its kind is not MigrationRecord\.$/);
    expect(() => read(wrong({ apiVersion: 'v9' }))).to.throw(/: its apiVersion is not \S+\.$/);
    for (const more of [{ server: 5 }, { server: undefined }, { runs: {} }, { runs: undefined }])
      expect(() => read(wrong(more))).to.throw(/: fields are missing\.$/);
  });

  it('is an object, and nothing else', () => {
    for (const text of ['null', '[]', '"x"', '5']) expect(() => read(text)).to.throw(/its kind is not/);
    for (const run of [null, [], 'x']) expect(() => read(withRun(run as object))).to.throw(/fields are/);
  });

  it('says what leaves such a file', () => {
    const refusal = (): UserError => {
      try {
        return expect.fail(String(read('{')));
      } catch (error) {
        return error as UserError;
      }
    };
    expect(refusal().message).to.equal(
      'run.json is not a record of kubectl infpool migrate: it is not JSON.',
    );
    expect(refusal().hint).to.include('kubectl infpool migrate --record FILE');
  });
});
