// Commands in what is said: kept whole, and completed with the connection that was asked for.
import { expect } from 'chai';
import fc from 'fast-check';
import { repeating, withCommands } from '../../src/report/commands.ts';

const flags = {
  ours: ' --context prod',
  kubectl: ' --context prod',
  config: ' --kubeconfig file',
  helm: ' --kube-context prod',
  scope: '',
  rights: ' split',
};

describe('commands in a sentence', () => {
  const found: [line: string, commands: string[]][] = [
    ['Next: kubectl infpool status    says what is next', ['kubectl infpool status']],
    [
      '  → Make one: kubectl infpool convert a -n b --apply; or not.',
      ['kubectl infpool convert a -n b --apply'],
    ],
    [
      'Did you mean "kubectl infpool explain a" or "kubectl infpool explain b"?',
      ['kubectl infpool explain a', 'kubectl infpool explain b'],
    ],
    ['It is told (kubectl get pods); wait.', ['kubectl get pods']],
    [
      "Check: kubectl infpool restore -f 'a b; c. d', then kubectl infpool rollback.",
      ["kubectl infpool restore -f 'a b; c. d'", 'kubectl infpool rollback'],
    ],
    [`kubectl patch x -p '{"a": "b, c"}' -n y. Then wait.`, [`kubectl patch x -p '{"a": "b, c"}' -n y`]],
    ['   4. helm install a ./chart --set b=c', ['helm install a ./chart --set b=c']],
    ['what kubectl shows, and helm keeps', []],
    ['Usage: kubectl infpool split [ROUTE...] [N]', []],
  ];
  for (const [line, commands] of found)
    it(`are found in ${JSON.stringify(line)}`, () =>
      expect(withCommands(line).filter((_, index) => index % 2 === 1)).to.deep.equal(commands));

  it('and the words between them are the line, whatever it is', () => {
    const words = fc.constantFrom(
      'kubectl get',
      'helm get',
      ': ',
      '; ',
      '"',
      "'",
      '(',
      ')',
      ' ',
      'a',
      '. ',
      ' or ',
      '→ ',
    );
    fc.assert(
      fc.property(fc.array(words), (parts) => withCommands(parts.join('')).join('') === parts.join('')),
    );
  });
});

describe('a command that is printed', () => {
  const completed: [said: string, printed: string][] = [
    ['Check: kubectl infpool verify', 'Check: kubectl infpool verify --context prod'],
    ['kubectl infpool split --pool a 10 -n b', 'kubectl infpool split --context prod --pool a 10 -n b'],
    ['Set it: `kubectl config view`', 'Set it: `kubectl --kubeconfig file config view`'],
    ['Look: kubectl get pods -n b; wait', 'Look: kubectl --context prod get pods -n b; wait'],
    ['See: helm get manifest a -n b', 'See: helm --kube-context prod get manifest a -n b'],
    ['Have you? kubectl infpool auth split --check', 'Have you? kubectl infpool auth split --check'],
    [
      'Have you: kubectl infpool auth split --check',
      'Have you: kubectl infpool auth split --check --context prod',
    ],
    [
      'To get them: kubectl infpool auth split | kubectl apply -f -',
      'To get them: kubectl infpool auth split | kubectl --context prod apply -f -',
    ],
  ];
  for (const [said, printed] of completed)
    it(`${said} asks the cluster that was asked`, () => expect(repeating(said, flags)).to.equal(printed));

  it('of rights is about those of the command that runs', () =>
    expect(repeating('→ kubectl infpool auth; have you: kubectl infpool auth --check', flags)).to.equal(
      '→ kubectl infpool auth split; have you: kubectl infpool auth split --check --context prod',
    ));

  const kept = [
    'Next: kubectl infpool split 10 -n b --context prod --pair a=b',
    'More: kubectl infpool explain no-counterpart',
    'Did you mean: kubectl infpool auth split?',
    '  4. helm install a ./chart',
    'as kubectl get shows it',
  ];
  for (const said of kept) it(`${said} stays as it is`, () => expect(repeating(said, flags)).to.equal(said));

  it('works in the namespace that was given, where it names none', () => {
    const scoped = { ...flags, ours: '', scope: ' -n llm' };
    for (const [said, printed] of [
      ['Back: kubectl infpool rollback', 'Back: kubectl infpool rollback -n llm'],
      ['Back: kubectl infpool rollback -n other', 'Back: kubectl infpool rollback -n other'],
      ['Next: kubectl infpool convert -A', 'Next: kubectl infpool convert -A'],
      [
        'Then: kubectl infpool migrate other/pool --take-over',
        'Then: kubectl infpool migrate other/pool --take-over',
      ],
      ['Undo: kubectl infpool restore -f x', 'Undo: kubectl infpool restore -f x'],
      ['See: kubectl infpool crds', 'See: kubectl infpool crds'],
    ] as const)
      expect(repeating(said, scoped)).to.equal(printed);
    expect(repeating('Back: kubectl infpool rollback', { ...flags, scope: ' -A' })).to.equal(
      'Back: kubectl infpool rollback --context prod -A',
    );
  });

  it('says nothing of a connection where none was given by flags', () =>
    expect(
      repeating('Check: kubectl infpool verify', {
        ours: '',
        kubectl: '',
        config: '',
        helm: '',
        scope: '',
        rights: '',
      }),
    ).to.equal('Check: kubectl infpool verify'));

  it('has a name as it is, whatever it means to a replacement', () =>
    expect(repeating('kubectl infpool verify', { ...flags, ours: " --context 'a$&b'" })).to.equal(
      "kubectl infpool verify --context 'a$&b'",
    ));
});
