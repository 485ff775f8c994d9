// `-o script`, `-o helm` and the commands in hints, run by the shells of this machine.
import { expect } from 'chai';
import { refKey, refOf } from '../../src/api/ref.ts';
import { CLUSTER_ROLE } from '../../src/api/resource.ts';
import { adoptLines, helmLine } from '../../src/commands/helmLine.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { kubectl } from '../../src/api/kubectl.ts';
import { patchCommand } from '../../src/inventory/advisory/advice.ts';
import { object, v1Pool } from '../support/objects.ts';
import { PAYLOADS, TEXTS, unsafeIn } from './payloads.ts';
import { expectRunbookMeans, run } from './running.ts';
import { shells } from './shells.ts';

const release = releaseOf('v1.0.1');
/** All in one, and some that are about where a word begins and ends; each by itself in the reliability run. */
const SOME = [
  TEXTS.join(''),
  ...['a flag', 'a backslash at the end', 'an empty text', 'spaces', 'line breaks at the end'].map(
    (name) => PAYLOADS[name]!,
  ),
];

for (const shell of shells())
  describe(`what is printed for a shell, in ${shell}`, function () {
    this.timeout(20_000);

    for (const text of SOME)
      it(`calls just what is meant where everything is called ${JSON.stringify(text.slice(0, 30))}`, () =>
        expectRunbookMeans(shell, text));

    it('adopts and installs by helm with just the words that are meant', () => {
      for (const text of SOME.slice(0, 2)) {
        const selector = { matchLabels: { [`k${text}`]: text } };
        const pool = v1Pool(`n${text}`, { selector }, { namespace: text });
        const more = ['--set', text];
        const lines =
          adoptLines(pool, new Set([refKey(refOf(pool))])) +
          helmLine(pool, { chart: text, release, provider: 'gke', more });
        expect(unsafeIn(lines)).to.deep.equal([]);
        const { calls, files } = run(shell, `set -eu\n${lines}\n`);
        expect(files).to.deep.equal([]);
        const self = `inferencepools.inference.networking.k8s.io/n${text}`;
        expect(calls.slice(0, 2)).to.deep.equal([
          ['kubectl', 'label', '-n', text, self, 'app.kubernetes.io/managed-by=Helm', '--overwrite'],
          [
            ...['kubectl', 'annotate', '-n', text, self],
            ...[
              `meta.helm.sh/release-name=n${text}`,
              `meta.helm.sh/release-namespace=${text}`,
              '--overwrite',
            ],
          ],
        ]);
        expect(calls[2]!.slice(0, 4)).to.deep.equal(['helm', 'install', `n${text}`, text]);
        expect(calls[2]!.slice(-2)).to.deep.equal(more);
        expect(calls).to.have.length(3);
      }
    });

    it('has commands in hints that take a role by any name: the API allows all but / and %', () => {
      for (const text of SOME.slice(0, 2)) {
        const ref = refOf(object(CLUSTER_ROLE, text, {}, { namespace: '' }));
        const operations = [{ op: 'replace', path: '/rules/0', value: text }] as const;
        const { calls } = run(shell, `${kubectl('edit', ref)}\n${patchCommand(ref, operations)}\n`);
        const name = `clusterroles.rbac.authorization.k8s.io/${text}`;
        expect(calls).to.deep.equal([
          ['kubectl', 'edit', name],
          ['kubectl', 'patch', name, '--type=json', '-p', JSON.stringify(operations)],
        ]);
      }
    });
  });
