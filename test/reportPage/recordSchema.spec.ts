import { expect } from 'chai';
import { emptyRecord, parseRecord } from '../../src/api/record.ts';
import { faults, lacking, schemaOf } from '../support/schemas.ts';
import { DONE, ROLLED_BACK } from './data.ts';

describe('the schema of a MigrationRecord', () => {
  const validate = schemaOf('migrationRecord');
  const killed = { ...DONE, endedAt: null, outcome: 'running', steps: [{ ...DONE.steps[0]!, to: null }] };
  const whole = { ...emptyRecord('https://x'), runs: [ROLLED_BACK, DONE, killed] };

  it('takes what migrate writes: an empty one, whole runs, one that was killed', () => {
    for (const record of [emptyRecord('https://x'), whole]) {
      expect(faults(validate, record)).to.equal('');
      expect(parseRecord(JSON.stringify(record), 'f')).to.deep.equal(record);
    }
  });

  it('takes looks of a step that took long, told as one, and no others', () => {
    const [step] = DONE.steps;
    const look = { ...step!.looks[0]!, until: DONE.startedAt, looks: 3, ms: [], counted: [[12, 2]] };
    const of = (changed: object) => ({
      ...whole,
      runs: [{ ...DONE, steps: [{ ...step!, looks: [{ ...look, ...changed }] }] }],
    });
    expect(faults(validate, of({}))).to.equal('');
    expect(parseRecord(JSON.stringify(of({})), 'f')).to.deep.equal(of({}));
    for (const wrong of [{ until: 'later' }, { looks: '3' }, { counted: [12, 2] }, { counted: [[12]] }]) {
      expect(validate(of(wrong)), JSON.stringify(wrong)).to.equal(false);
      expect(() => parseRecord(JSON.stringify(of(wrong)), 'f'), JSON.stringify(wrong)).to.throw();
    }
  });

  it('and report --record refuse the same: a record that lacks any one field', () => {
    const all = [...lacking(whole)];
    expect(all.length).to.be.above(15);
    for (const [path, without] of all) {
      expect(validate(without), path).to.equal(false);
      expect(() => parseRecord(JSON.stringify(without), 'f'), path).to.throw();
    }
  });

  it('refuses an outcome, and a time, that is none', () => {
    for (const wrong of [{ outcome: 'great' }, { startedAt: 'soon' }, { endedAt: 5 }])
      expect(validate({ ...whole, runs: [{ ...DONE, ...wrong }] }), JSON.stringify(wrong)).to.equal(false);
  });
});
