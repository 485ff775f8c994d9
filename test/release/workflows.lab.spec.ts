// The workflows can't run here; what can be told without running them is told.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { nameOf, platforms } from '../../scripts/build/platforms.ts';
import { run } from '../e2e/support.ts';
import { ensureParts } from '../lab/parts/parts.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.github', 'workflows');
const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { strategy?: { matrix: { include: { platform: string }[] } }; steps?: { run?: string }[] }
  >;
}
const read = (file: string) => load(textOf(file)) as Workflow;

describe('the workflows', () => {
  it('are what actionlint takes', async function () {
    this.timeout(120_000);
    const { actionlint } = await ensureParts(['actionlint']);
    const args = ['-no-color', '-shellcheck=', '-pyflakes=', ...files.map((file) => join(folder, file))];
    const { code, stdout } = await run(actionlint, args, { env: {}, cwd: root });
    expect(code, stdout).to.equal(0);
  });

  for (const file of files) {
    it(`${file}: every action is pinned by commit, with its version behind it`, () => {
      for (const [, action] of textOf(file).matchAll(/uses: (.*)/g))
        expect(action).to.match(/^\.\/\.github\/|^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`${file}: may do nothing but read, unless a job asks for more`, () =>
      expect(read(file).permissions).to.deep.equal({ contents: 'read' }));

    it(`${file}: no expression becomes part of a script`, () => {
      for (const { steps = [] } of Object.values(read(file).jobs))
        for (const { run: script = '' } of steps) expect(script).not.to.include('${{');
    });

    it(`${file}: runs only scripts that package.json has`, () => {
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
      for (const [, script] of textOf(file).matchAll(/npm run ([\w:]+)/g))
        expect(scripts).to.have.property(script!);
    });
  }

  it('the same action is of one version everywhere', () => {
    const versions = new Map<string, string>();
    for (const [, name, version] of files
      .map(textOf)
      .join('\n')
      .matchAll(/uses: ([\w/-]+)@(.*)/g)) {
      expect(versions.get(name!) ?? version, name).to.equal(version);
      versions.set(name!, version!);
    }
  });

  it('a release builds every platform that there is', () => {
    const { include } = read('release.yaml').jobs['build']!.strategy!.matrix;
    expect(include.map(({ platform }) => platform)).to.deep.equal(platforms.map(nameOf));
  });
});
