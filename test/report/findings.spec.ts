import { expect } from 'chai';
import type { Finding } from '../../src/api/finding.ts';
import { refOf } from '../../src/api/ref.ts';
import { findingsText, moreOnFindings } from '../../src/report/findings.ts';
import { PLAIN } from '../../src/report/text.ts';
import { expectGolden } from '../support/golden.ts';
import { model } from '../support/objects.ts';
import { HOSTILE, plan } from './world.ts';

const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  id: 'objective-header',
  severity: 'warning',
  ref: refOf(model(name)),
  field: 'spec.criticality',
  message: 'Its priority holds only with a header.',
  hint: 'Let clients send it.',
  ...more,
});
const many = (count: number, message?: (index: number) => string) =>
  Array.from({ length: count }, (_, index) =>
    finding(`m${index}`, message ? { message: message(index) } : {}),
  );

describe('findings', () => {
  it('say where, what and what to do, worst first', () => {
    expectGolden('report/findings.txt', findingsText(plan().findings, PLAIN));
  });

  it('fit a terminal, in colour', () => {
    expectGolden('report/findings-80.txt', findingsText(plan().findings, { color: true, width: 80 }));
  });

  it('that say the same of several objects say it once', () => {
    expect(findingsText(many(2), PLAIN)).to.equal(
      [
        'warning: inferencemodels.inference.networking.x-k8s.io/m0 in namespace llm, spec.criticality: Its priority holds only with a header. [objective-header]',
        '  → Let clients send it.',
        '  the same for m1',
        '',
      ].join('\n'),
    );
    expect(findingsText(many(100), PLAIN).split('\n')).to.have.length(4);
    expect(findingsText(many(100), PLAIN)).to.match(/and 91 more\n$/);
  });

  it('that say something of their own are told, up to a number', () => {
    const text = findingsText(
      many(3, (index) => ['One.', 'Another.', 'A third.'][index]!),
      PLAIN,
    );
    for (const said of ['One.', 'Another.', 'A third.']) expect(text).to.contain(said);
    const hints = findingsText([finding('a', { hint: 'split a' }), finding('b', { hint: 'split b' })], PLAIN);
    expect(hints).to.contain('→ split a').and.to.contain('→ split b');
    const lines = findingsText(
      many(100, (index) => `Number ${index}.`),
      PLAIN,
    )
      .trimEnd()
      .split('\n');
    expect(lines).to.have.length(9);
    expect(lines.at(-1)).to.match(
      /^ {2}\[objective-header\] also for .*\/m4 in .*\/m11 in namespace llm and 88 more$/,
    );
  });

  it('that differ by the name of their object and a few words are one, with those words', () => {
    const header = (name: string, priority: number) =>
      finding(name, {
        message: `Its priority ${priority} holds only for requests with the header "x-objective: ${name}".`,
      });
    const text = findingsText([header('a', 2), header('b', 2), header('c', -1)], PLAIN);
    expect(text.split('\n').slice(1)).to.deep.equal([
      '  → Let clients send it.',
      '  the same, each with its own name, for b, c ("priority -1")',
      '',
    ]);
    const shed = (name: string, what: string) =>
      finding(name, { message: `Requests with criticality ${what} were dropped while the pool was full.` });
    expect(findingsText([shed('m1', 'Standard'), shed('m2', 'unset')], PLAIN)).to.contain(
      '\n  the same for m2 ("criticality unset")\n',
    );
  });

  it('that differ by the quoted name of their object say that once, without quotes around quotes', () => {
    const unread = (name: string) => ({
      ...finding('a', { message: `It could not be read (crds "${name}" is forbidden to you for now).` }),
      ...{ ref: null, field: `crds/${name}` },
    });
    expect(findingsText([unread('pools'), unread('models')], PLAIN)).to.match(
      /^ {2}the same for crds\/models$/m,
    );
    const about = (name: string, what: string) =>
      finding(name, { message: `Requests to "${what}" were dropped while the pool was full.` });
    expect(findingsText([about('m1', 'x'), about('m2', 'y')], PLAIN)).to.contain(
      '\n  the same for m2 ("to y")\n',
    );
  });

  it('of which one is called as the message happens to say are still the same', () => {
    const owned = (name: string) => finding(name, { message: 'It belongs to release food.' });
    expect(findingsText([owned('food'), owned('food-epp')], PLAIN)).to.match(/^ {2}the same for food-epp$/m);
  });

  it('that only begin alike, or have another hint, are told apart', () => {
    const said = (message: string, hint = '') => finding('a', { message, hint });
    const text = findingsText(
      [said('The route is not accepted.'), said('The route is not there, and three pools want it.')],
      PLAIN,
    );
    expect(text).to.contain('is not accepted').and.to.contain('three pools');
    const hints = findingsText([said('The same of both.', 'one'), said('The same of both.', 'two')], PLAIN);
    expect(hints.match(/The same of both/g)).to.have.length(2);
  });

  it('about kinds that could not be read name the kinds', () => {
    const unread = (plural: string, group: string) =>
      finding('', {
        ref: null,
        field: `${plural}.${group}`,
        message: `It could not be read (User "dev" cannot list resource "${plural}" in API group "${group}").`,
      });
    const text = findingsText([unread('pools', 'a.io'), unread('routes', 'b.io')], PLAIN);
    expect(text).to.match(/^ {2}the same for routes\.b\.io$/m);
  });

  it('about several places of one object name the places', () => {
    const text = findingsText(
      [finding('m', { field: 'rules[0]' }), finding('m', { field: 'rules[1]' })],
      PLAIN,
    );
    expect(text).to.match(/^ {2}the same for rules\[1\]$/m);
  });

  it('of another severity or id are not put together', () => {
    const text = findingsText(
      [finding('a'), finding('b', { severity: 'error' }), finding('c', { id: 'objective-differs' })],
      PLAIN,
    );
    expect(text.match(/^(error|warning)/gm)).to.deep.equal(['error', 'warning', 'warning']);
  });

  it('name the page of the worst of them, once', () => {
    const findings = [finding('a'), finding('b', { severity: 'error', id: 'selector-empty' }), finding('c')];
    expect(moreOnFindings(findings, PLAIN)).to.equal(
      'For more on a finding: kubectl infpool explain selector-empty\n',
    );
    expect(moreOnFindings([], PLAIN)).to.equal('');
  });

  it('are nothing where there are none', () => {
    expect(findingsText([], PLAIN)).to.equal('');
  });

  it('can not be broken by what a cluster holds', () => {
    const text = findingsText([finding(HOSTILE, { message: HOSTILE, field: HOSTILE, hint: HOSTILE })], PLAIN);
    expect(text.split('\n')).to.have.length(3);
    expect(text).not.to.match(/[\u001b\u202e]/);
  });
});
