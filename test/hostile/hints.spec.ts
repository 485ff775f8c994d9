// The commands that findings, checks and errors give to be pasted: no name in them is more than a word to a shell.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { inNamespace, kubectl } from '../../src/api/kubectl.ts';
import { refOf } from '../../src/api/ref.ts';
import { differs } from '../../src/convert/companions/companion.ts';
import { sharedNames } from '../../src/convert/sharedNames.ts';
import { crdInterlocks } from '../../src/cleanup/interlocks.ts';
import { poolStatusChecks } from '../../src/verify/pool.ts';
import { routeChecks } from '../../src/verify/route.ts';
import { alphaPool, model, route, v1Pool } from '../support/objects.ts';
import { TEXTS } from './payloads.ts';
import { run } from './running.ts';
import { shells } from './shells.ts';

const COMMAND = /\b(?:kubectl|helm|curl) +-?[a-z]/;
const root = join(import.meta.dirname, '..', '..');

/** What makes a word of a name, or is the name of a kind. */
const WORD = /^(shellWord|kubectl|inNamespace|qualifiedName)\(/;
/** What is no name of a cluster or a file, or is made a word where it comes from; by file. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  // inCommand() there lets no word pass that is more than a name.
  'src/api/owner.ts': [
    ...['name', 'namespace', 'named(name, namespace)', 'inCommand(self)'],
    "name === '' ? '-A' : `${named(name, namespace)} -o yaml`",
    "namespace === '' ? '' : ` -n ${inCommand(namespace)}`",
  ],
  // Roles, verbs, CRDs and releases of ours.
  'src/access/yaml.ts': ['role.command', 'role.summary'],
  'src/commands/auth.ts': ['name', 'ids', 'like[0]', "namespace === '' ? cluster : `${inside}; ${cluster}`"],
  'src/commands/completion.ts': ['like[0]'],
  'src/commands/preflight.ts': ['verb'],
  'src/commands/explain.ts': ['one', 'id'],
  'src/inventory/findings.ts': ['name'],
  'src/report/findings.ts': ['id'],
  'src/report/script.ts': [
    ...['name', 'release', 'raw', 'group', 'plural', 'namespace', 'target', 'SOURCE'],
    'MIGRATED_FROM_ANNOTATION',
  ],
  // Made of words above in the same file, or of flags that are repeated.
  'src/commands/helmLine.ts': ['target'],
  'src/commands/next.ts': [
    ...['pool', 'flags', 'percent', 'scope', 'repeat', 'ownerFlag(entry)'],
    "whole && isLast(entry, inventory) ? '--crds ' : ''",
  ],
  'src/commands/gradual.ts': ["next.join('')"],
  'src/commands/phaseOne.ts': ['repeat', "next.join('')"],
  'src/commands/rivals.ts': ['show(live)'],
  'src/commands/rollback.ts': ["others.length > 0 ? ' -A' : inNamespace(one)"],
  'src/commands/simple.ts': ['this.#undo()'],
  'src/commands/split.ts': ['flags', 'percent'],
  'src/commands/convertFiles.ts': ['name', "inPlace ? '' : ' OUT'"],
  // Sentences about a command, not commands.
  'src/api/record.ts': ['why'],
  'src/cleanup/backup.ts': ['now.toISOString()', 'server', 'count'],
  'src/cluster/helm-connection.ts': ["given.map(([flag]) => flag).join(', ')"],
  'src/cluster/helm.ts': ['name', 'path', 'printed.slice(0, 120)'],
  'src/cluster/kubeconfig.ts': ["[...config.contexts.keys()].sort().join(', ')"],
  'src/commands/helmReady.ts': ['version.trim()', "FROM_REGISTRIES.join('.')"],
  'src/commands/interruptedReleases.ts': ['release'],
  'src/convert/clusterRoles.ts': ['pool.metadata.name'],
  'src/inventory/advisory/autoscalers.ts': ['use.path'],
};
/** What follows the command in a sentence is longer than a word. */
const SENTENCE = /^mentions\.length === 0/;

describe('commands in messages', () => {
  it('have no name that is not made a word: kubectl(), inNamespace() or shellWord() makes one', () => {
    const raw = sources().flatMap(([file, text]) =>
      holesIn(file, text)
        .filter(
          ({ expression }) =>
            !WORD.test(expression) && !SENTENCE.test(expression) && !OURS[file]?.includes(expression),
        )
        .map(({ expression, line }) => `${file}:${line}: ${expression}`),
    );

    expect(raw).to.deep.equal([]);
  });

  it('are looked at by that test from kubectl on', () => {
    const source = 'const x = `Look at ${a}: kubectl get ${b(`x${c}`)} -n ${d}`;';
    expect(holesIn('x.ts', source).map(({ expression }) => expression)).to.deep.equal(['b(`x${c}`)', 'd']);
  });

  it('leave a namespace out where a file has none', () => {
    expect(inNamespace(undefined)).to.equal('');
    expect(kubectl('get', refOf(alphaPool('a', {}, { namespace: '' })))).to.equal(
      'kubectl get inferencepools.inference.networking.x-k8s.io/a',
    );
  });

  for (const shell of shells())
    it(`call kubectl with just what is meant, in ${shell}, whatever is in a file`, function () {
      this.timeout(20_000);
      const text = TEXTS.join('');
      const meta = { namespace: text };
      const pools = [alphaPool(text, {}, meta), v1Pool(text, {}, meta)] as const;
      const models = [1, 2].map((n) => model(`${n}${text}`, { modelName: 'one' }, meta));
      const unheard = route([], { name: text, ...meta });
      const names = { alpha: 'inference.networking.x-k8s.io', v1: 'inference.networking.k8s.io' };
      const cases: [hint: string, calls: string[][]][] = [
        [
          differs(pools[1], pools[0]).hint,
          [
            [
              ...['get', '-n', text, `inferencepools.${names.v1}/${text}`],
              ...[`inferencepools.${names.alpha}/${text}`, '-o', 'yaml'],
            ],
          ],
        ],
        [sharedNames(models)[0]!.hint, [['delete', '-n', text, `inferencemodels.${names.alpha}/2${text}`]]],
        [
          routeChecks(unheard)[0]!.hint,
          [['describe', '-n', text, `httproutes.gateway.networking.k8s.io/${text}`]],
        ],
        [
          crdInterlocks([pools[0]])[0]!.finding.hint.replace(/\), or leave .*$/s, ''),
          [['infpool', 'status', '-n', text]],
        ],
        ...poolStatusChecks(pools[1], true)
          .filter(({ hint }) => hint.includes('kubectl describe'))
          .map(({ hint }): [string, string[][]] => [
            hint,
            [['describe', '-n', text, `inferencepools.${names.v1}/${text}`]],
          ]),
      ];
      expect(cases.length).to.be.above(4);
      for (const [hint, calls] of cases) {
        const ran = run(shell, `${hint.slice(hint.indexOf('kubectl '))}\n`);
        expect(ran.calls, hint.slice(0, 60)).to.deep.equal(calls.map((words) => ['kubectl', ...words]));
        expect(ran.files).to.deep.equal([]);
      }
    });
});

function sources(): [file: string, text: string][] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.page.ts'))
    .map((file) => [`src/${file}`, readFileSync(join(root, 'src', file), 'utf8')]);
}

interface Hole {
  readonly expression: string;
  readonly line: number;
}

/** What is put into commands of template literals: every `${…}` behind the first `kubectl …`. */
function holesIn(file: string, source: string): Hole[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const holes: Hole[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      let isCommand = COMMAND.test(node.head.text);
      for (const { expression, literal } of node.templateSpans) {
        const line = parsed.getLineAndCharacterOfPosition(expression.getStart()).line + 1;
        if (isCommand) holes.push({ expression: expression.getText(), line });
        isCommand ||= COMMAND.test(literal.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return holes;
}
