import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import type { Step } from '../../src/api/plan.ts';
import { dryRunText } from '../../src/commands/execute.ts';
import { requireHelm } from '../../src/commands/helmReady.ts';

const ref = { group: '', version: 'v1', kind: 'X', namespace: 'llm', name: 'food' };
const helmStep = (...args: string[]): Step => ({
  action: 'helm',
  verb: 'install',
  release: 'food',
  namespace: 'llm',
  args,
  ref,
  reason: '',
});
const fromRegistry = helmStep('install', 'food', 'oci://registry.example/chart');
const fromFolder = helmStep('install', 'food', './chart');
const wait: Step = { action: 'wait', condition: 'gone', ref, reason: '' };

const helm = (says: string | Error) => ({
  asked: 0,
  run() {
    this.asked++;
    return says instanceof Error ? Promise.reject(says) : Promise.resolve(says);
  },
});

describe('a plan with a step of helm', () => {
  const refusal = async (says: string | Error, ...steps: Step[]) =>
    requireHelm(helm(says), steps).then(
      () => '',
      (error: unknown) => (error as Error).message,
    );

  it('does not begin without helm, and says so with what to do', async () => {
    const missing = new UserError('helm was not found: no executable', { hint: 'Install Helm 3' });
    const error = await requireHelm(helm(missing), [wait, fromRegistry]).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError).and.include({ hint: 'Install Helm 3' });
    expect((error as Error).message).to.equal(
      'helm was not found: no executable. Nothing of this plan was written.',
    );
  });

  it('does not begin with a helm that is too old for what it wants', async () => {
    for (const old of ['v3.7.2', 'v2.17.0+g1', '3.0.1'])
      expect(await refusal(old, fromRegistry), old).to.match(/needs 3\.8 or newer. Nothing/);
    expect(await refusal('v2.17.0', fromFolder)).to.match(/needs 3\.8/);
    expect(await refusal('v3.7.2', fromFolder)).to.equal('');
  });

  it('begins with one that will do, and with one whose version can not be told', async () => {
    for (const good of ['v3.8.0', 'v3.19.5', 'v4.0.0', '', 'something else'])
      expect(await refusal(good, fromRegistry), good).to.equal('');
  });

  it('is the only one that asks for helm', async () => {
    const never = helm(new Error('no'));
    await requireHelm(never, [wait]);
    expect(never.asked).to.equal(0);
  });
});

describe('the last line of a dry run on the server', () => {
  it('says that it was accepted only where all of it was looked at', () => {
    expect(dryRunText(['done', 'unchanged'])).to.equal(
      'Dry run: the API server accepted it; nothing was written.\n',
    );
    expect(dryRunText(['done', 'notChecked', 'notChecked'])).to.equal(
      'Dry run: nothing was written. The API server accepted 1 of 3 steps; 2 could not be checked, for the reasons above.\n',
    );
    expect(dryRunText(['conflict', 'done'])).to.match(/accepted 1 of 2 steps; 1 met an object/);
  });
});
