// Every example of every help, by the built binary on a lab: what help shows has to run as it stands there. Names that only
// stand for a user's own are replaced, and what would fetch from the internet gets the same from the disk.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { allCommands } from '../../src/commands/catalogue.ts';
import { kubectl } from '../lab/scenarios/commands.ts';
import { Bench, crdFolder, offline } from './support.ts';

const POOL = 'examples-preview';

/** In the order in which each finds what it needs; with what a user has to add here: a yes, files, less patience. */
const STORY: readonly (readonly [example: string, more?: string])[] = [
  ['version --client'],
  [
    'completion kubectl > ~/.local/bin/kubectl_complete-infpool && chmod +x ~/.local/bin/kubectl_complete-infpool',
  ],
  ['completion bash > ~/.local/share/bash-completion/completions/kubectl-infpool'],
  ['completion zsh > "${fpath[1]}/_kubectl-infpool"'],
  ['completion fish > ~/.config/fish/completions/kubectl-infpool.fish'],
  ['completion powershell | Out-String | Invoke-Expression'],
  ['explain'],
  ['explain target-models-lost'],
  ['explain epp-group -o markdown'],
  ['auth split rollback | kubectl apply -f -'],
  ['auth migrate helm-install -n team-a'],
  ['auth cleanup --check'],
  ['detect'],
  ['detect -o json | jq .verdict'],
  ['detect -o svg > pools.svg'],
  ['detect -f deploy/ -R'],
  ['detect -f deploy/ -R --compare'],
  ['convert'],
  ['convert -f preview.yaml'],
  ['convert -o script > runbook.sh'],
  ['convert -f deploy/ -R --in-place', '--yes'],
  ['crds'],
  ['crds install --release v1.0.0 --from manifests.yaml', '--yes'],
  ['convert my-pool --release v1.3.1 --apply', '--yes OFFLINE'],
  ['verify'],
  ['verify --model my-model --address 127.0.0.1:8080'],
  ['verify --wait --timeout 10m'],
  ['status'],
  ['status my-pool -n team-a'],
  ['status -o mermaid'],
  ['split 10', '--yes'],
  ['split llm-route 50 -o diff'],
  ['split 100 --yes'],
  ['rollback', '--yes'],
  ['rollback llm-route --yes'],
  ['migrate my-pool', '--yes --steps 100 --interval 1s OFFLINE'],
  ['migrate --steps 1,10,25,50,100 --interval 10m', '--yes OFFLINE'],
  ['cleanup --dry-run=client', '--helm-uninstall'],
  ['cleanup my-pool --helm-uninstall', '--dry-run=client'],
  ['migrate --cleanup --crds --helm-uninstall --yes', '--interval 1s OFFLINE'],
  ['restore -f infpool-backup-20261123T171400Z.yaml', '--yes'],
  // What came back is no longer Helm's.
  ['cleanup --crds', '--yes --ignore-owner'],
];

const WRONG_USAGE = /has no flag|does not know --|There is no command|takes no argument|needs a value/;

describe('the examples of help', function () {
  this.timeout(60_000);
  let bench: Bench;
  let address: string;
  let model: string;
  let files: string[];

  before(async function () {
    this.timeout(120_000);
    bench = await Bench.start();
    const stack = await bench.preview('team-a', { release: POOL });
    ({ host: address } = new URL(stack.url));
    ({ model } = stack);
    files = await offline();
    const pools = 'inferencepools.inference.networking.x-k8s.io';
    const yaml = await kubectl(bench.lab, ['get', pools, POOL, '-n', 'team-a', '-o', 'yaml']);
    mkdirSync(join(bench.cwd, 'deploy'));
    for (const path of ['preview.yaml', 'deploy/pool.yaml']) writeFileSync(join(bench.cwd, path), yaml);
  });
  after(() => bench?.end());

  /** The binary's own part of an example, with real names. */
  async function wordsOf(example: string, more = ''): Promise<string[]> {
    const own = example.split(/ (?:\||>|&&) /)[0]!;
    const backup = readdirSync(bench.cwd).find((name) => name.startsWith('infpool-backup-')) ?? 'none yet';
    const line = `${own} ${more}`
      .replace('my-pool', POOL)
      .replace('my-model', model)
      .replace('127.0.0.1:8080', address)
      .replace('manifests.yaml', await crdFolder('v1.0.0'))
      .replace('--release v1.3.1', '--release v1.0.0')
      .replace('--interval 10m', '--interval 1s')
      .replace(/infpool-backup-\S+/, backup)
      .replace('OFFLINE', files.join(' '));
    return line.split(' ').filter((word) => word !== '');
  }

  // The current namespace of the user is the pools'; what looks at all of them may say so twice.
  async function runs(example: string, more?: string): Promise<void> {
    const words = await wordsOf(example, more);
    const scoped = /^(convert|split|rollback|migrate|cleanup)\b(?!.* -f )/.test(example);
    const { code, stdout, stderr } = await bench.infpool([...words, ...(scoped ? ['-n', 'team-a'] : [])]);
    expect(code, `${words.join(' ')}\n${stderr}${stdout.slice(0, 500)}`).to.equal(0);
  }

  for (const [example, more] of STORY) it(example, () => runs(example, more));

  it('are all of these; what is new is at least understood', async () => {
    const told = new Set(STORY.map(([example]) => example));
    const all = (await allCommands()).flatMap(({ examples }) => examples.map(([example]) => example));
    expect([...told].filter((example) => !all.includes(example))).to.deep.equal([]);
    for (const example of all.filter((one) => !told.has(one))) {
      const { stderr } = await bench.infpool(await wordsOf(example));
      expect(stderr, example).not.to.match(WRONG_USAGE);
    }
  });
});
