import { expect } from 'chai';
import { PLAIN } from '../../src/report/text.ts';
import { statusMarkdown, statusNext, statusReport, statusTable } from '../../src/report/status.ts';
import { verificationReport, verificationTable, verificationText } from '../../src/report/verification.ts';
import { expectGolden } from '../support/golden.ts';
import { FAILING, HOSTILE, status, verification } from './world.ts';

describe('a verification', () => {
  it('is terse when everything passed', () => {
    expectGolden('report/verification-pass.txt', verificationText(verification(), PLAIN, false));
  });

  it('shows what failed, with evidence and a hint', () => {
    expectGolden('report/verification-fail.txt', verificationText(verification(FAILING), PLAIN, false));
    expectGolden(
      'report/verification-fail-80.txt',
      verificationText(verification(FAILING), { color: true, width: 80 }, false),
    );
  });

  it('shows all when asked', () => {
    expectGolden('report/verification-all.txt', verificationText(verification(FAILING), PLAIN, true));
  });

  it('is a table with a row for each check', () => {
    expectGolden('report/verification-table.txt', verificationTable(verification(FAILING)));
  });

  it('that skipped a whole group says why', () => {
    const { checks } = verification();
    const skipped = {
      ...checks[0]!,
      group: 'Requests',
      verdict: 'skip' as const,
      evidence: 'No route leads to it yet',
    };
    const text = verificationText({ verdict: 'pass', checks: [skipped] }, PLAIN, false);
    expect(text).to.contain('- Requests: skipped\n').and.to.contain('No route leads to it yet');
  });

  it('can not be broken by what a server answered', () => {
    const { checks } = verification();
    const bad = { ...checks[0]!, verdict: 'fail' as const, evidence: HOSTILE, hint: HOSTILE };
    const text = verificationText({ verdict: 'fail', checks: [bad] }, PLAIN, false);
    expect(text.trimEnd().split('\n')).to.have.length(5);
    expect(text).not.to.match(/[\u001b\u202e]/);
  });

  it('is a report with its checks as data', () => {
    const report = verificationReport(verification());
    expect(report).to.include({ apiVersion: 'kubectl-infpool/v1', kind: 'Verification', verdict: 'pass' });
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });
});

describe('a status', () => {
  it('is a table that fits a terminal, with the next commands for people', () => {
    const narrow = statusTable(status(), { wide: false, width: 100 });
    for (const line of narrow.split('\n')) expect(line.length, line).to.be.at.most(100);
    expectGolden('report/status-table.txt', `${narrow}----\n${statusNext(status())}`);
    expectGolden('report/status-wide.txt', statusTable(status(), { wide: true, width: Infinity }));
  });

  it('of many pools names the first next commands, and where the others are', () => {
    const [first] = status().pools;
    const pools = Array.from({ length: 12 }, (_, index) => ({ ...first!, next: `do ${index}` }));
    const lines = statusNext({ pools: [...pools, pools[0]!] }).split('\n');
    expect(lines.slice(10)).to.deep.equal(['  do 9', '  and 2 more: kubectl infpool status -o wide', '']);
    expect(statusNext({ pools: [{ ...first!, next: '' }] })).to.equal('');
  });

  it('is Markdown that no name can break', () => {
    expectGolden('report/status.md', statusMarkdown(status()));
    const [first] = status().pools;
    const pools = [{ ...first!, ref: { ...first!.ref, name: HOSTILE }, next: `do '${HOSTILE}'` }];
    const row = statusMarkdown({ pools }).split('\n')[2]!;
    expect(row.match(/(?<!\\)\|/g)).to.have.length(7);
  });

  it('is a report with its pools as data', () => {
    const report = statusReport(status());
    expect(report).to.include({ apiVersion: 'kubectl-infpool/v1', kind: 'Status' });
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });
});
