import { migrationTable, type StepSummary } from '../../src/report/migration.ts';
import { expectGolden } from '../support/golden.ts';

const step: StepSummary = {
  wanted: 0,
  seen: 0,
  gate: '-',
  probes: 0,
  failed: 0,
  p50: null,
  p99: null,
  seconds: 0,
};

describe('a migration', () => {
  it('closes with a table of its steps', () => {
    const steps = [
      step,
      { ...step, wanted: 33, seen: 33.3333, gate: 'pass', probes: 40, p50: 12.4, p99: 99.6, seconds: 30.04 },
      { ...step, wanted: 100, seen: null, gate: 'fail', probes: 3, failed: 2, p50: 7, p99: 7, seconds: 1.25 },
    ];
    expectGolden('report/migration-table.txt', migrationTable(steps));
  });
});
