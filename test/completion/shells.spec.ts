import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bashScript } from '../../src/completion/shells/bash.ts';
import { fishScript } from '../../src/completion/shells/fish.ts';
import { kubectlShim, kubectlShimForWindows } from '../../src/completion/shells/kubectl.ts';
import { zshScript } from '../../src/completion/shells/zsh.ts';

const plugin = (name: string) => new URL(`../../plugin/${name}`, import.meta.url);

describe('completion scripts', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'infpool-shells-'))));
  after(() => rmSync(folder, { recursive: true }));

  const shells: [shell: string, script: string][] = [
    ['sh', kubectlShim()],
    ['bash', bashScript()],
    ['zsh', zshScript()],
    ['fish', fishScript()],
  ];
  for (const [shell, script] of shells)
    it(`are understood by ${shell}`, function () {
      const file = join(folder, shell);
      writeFileSync(file, script);
      const { error, stderr, status } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
      if (error) return this.skip();
      expect({ stderr, status }).to.deep.equal({ stderr: '', status: 0 });
    });

  it('for kubectl are the files that lie in plugin/', () => {
    expect(readFileSync(plugin('kubectl_complete-infpool'), 'utf8')).to.equal(kubectlShim());
    expect(readFileSync(plugin('kubectl_complete-infpool.cmd'), 'utf8')).to.equal(kubectlShimForWindows());
    if (process.platform !== 'win32')
      expect(statSync(plugin('kubectl_complete-infpool')).mode & 0o111).to.equal(0o111);
  });
});
