import { expect } from 'chai';
import { PLAIN } from '../../src/report/text.ts';
import { unreadText } from '../../src/report/unread.ts';
import { HOSTILE } from './world.ts';

const forbidden = (kind: string, where = 'at the cluster scope') => {
  const [plural, group] = [kind.slice(0, kind.indexOf('.')), kind.slice(kind.indexOf('.') + 1)];
  return {
    resource: kind,
    message: `${kind} is forbidden: User "dev" cannot list resource "${plural}" in API group "${group}" ${where}`,
  };
};

describe('what could not be read', () => {
  it('of which each was forbidden alike is one line, and where the rights are told another', () => {
    const text = unreadText([forbidden('pools.a.io'), forbidden('routes.b.io')], PLAIN);
    expect(text.split('\n')).to.deep.equal([
      'could not check pools.a.io, routes.b.io: forbidden: User "dev" cannot list them at the cluster scope',
      '  → The rights that this needs, as a role for your administrator: kubectl infpool auth; which of them you have: kubectl infpool auth --check',
      '',
    ]);
  });

  it("is told in the server's own words where it is one", () => {
    const one = forbidden('pools.a.io');
    expect(unreadText([one], PLAIN).split('\n')[0]).to.equal(`could not check pools.a.io: ${one.message}`);
  });

  it('for different reasons keeps each of them', () => {
    const text = unreadText(
      [
        forbidden('pools.a.io'),
        forbidden('routes.b.io', 'in the namespace "llm"'),
        { resource: 'pods', message: 'it answered 503' },
        { resource: 'services', message: 'it answered 503' },
      ],
      PLAIN,
    );
    expect(text.match(/^could not check /gm)).to.have.length(3);
    expect(text).to.match(/^could not check pods, services: it answered 503$/m);
  });

  it('for another reason than rights has no hint about rights', () => {
    expect(unreadText([{ resource: 'pods', message: 'it answered 503' }], PLAIN)).to.equal(
      'could not check pods: it answered 503\n',
    );
    expect(unreadText([], PLAIN)).to.equal('');
  });

  it('fits a terminal, and is not broken by what a server says', () => {
    const kinds = Array.from({ length: 20 }, (_, index) => forbidden(`kind${index}.example.com`));
    const text = unreadText(kinds, { color: false, width: 60 });
    // A command stays whole.
    for (const line of text.split('\n').filter((each) => !each.includes('kubectl')))
      expect(line.length, line).to.be.at.most(60);
    expect(unreadText([{ resource: HOSTILE, message: HOSTILE }], PLAIN).split('\n')).to.have.length(2);
  });
});
