// The binary that `npm run build` made, as something that stands alone: what it needs of the machine it runs
// on, and what it must not take from it. What its commands do is tested elsewhere.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findPart } from './lab/parts/parts.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const binary = join(root, 'dist', process.platform === 'win32' ? 'kubectl-infpool.exe' : 'kubectl-infpool');

describe('the binary', () => {
  let home: string;
  let cwd: string;

  before(() => {
    expect(existsSync(binary), `${binary} is there (npm run build)`).to.be.true;
  });

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'infpool-home-'));
    cwd = mkdtempSync(join(tmpdir(), 'infpool-cwd-'));
  });

  afterEach(() => {
    chmodSync(cwd, 0o755);
    for (const folder of [home, cwd]) rmSync(folder, { recursive: true, force: true });
  });

  /** In an environment of HOME, PATH and these; the command's own output and nothing else on stderr. */
  function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: { HOME: home, PATH: '/usr/bin:/bin', ...env },
    });
    return { status, stdout, stderr };
  }

  it('says its version and the commit it was built from, without a cluster', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const { status, stdout, stderr } = run(binary, ['version', '--client']);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.include(version);
    if (existsSync(join(root, '.git'))) expect(stdout).to.match(/\b[0-9a-f]{7,40}\b/);
  });

  it('prints its help in an empty environment', () => {
    const { status, stdout, stderr } = spawnSync(binary, ['--help'], { cwd, encoding: 'utf8', env: {} });
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.include('kubectl infpool');
  });

  it('runs in a folder it may not write to, and writes nothing there or at home', () => {
    chmodSync(cwd, 0o555);
    const { status, stderr } = run(binary, ['--help']);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(readdirSync(cwd)).to.deep.equal([]);
    expect(readdirSync(home)).to.deep.equal([]);
  });

  it('takes no options for Node from NODE_OPTIONS', () => {
    const plain = run(binary, ['--help']);
    expect(run(binary, ['--help'], { NODE_OPTIONS: '--frobnicate --require /nowhere.js' })).to.deep.equal(
      plain,
    );
  });

  it('takes no options for Node from its own command line', () => {
    const { stdout } = run(binary, ['--v8-options']);
    expect(stdout).not.to.include('--max-old-space-size');
  });

  it('reads no package.json, .env or node_modules of the folder it is run in', () => {
    const plain = run(binary, ['--help']);
    writeFileSync(join(cwd, 'package.json'), '{ "type": "module", broken');
    writeFileSync(join(cwd, '.env'), 'LC_ALL=de_DE.UTF-8\nNODE_OPTIONS=--frobnicate\n');
    writeFileSync(join(cwd, 'node.config.json'), '{ broken');
    for (const name of ['yargs', 'js-yaml', 'undici']) {
      mkdirSync(join(cwd, 'node_modules', name), { recursive: true });
      writeFileSync(join(cwd, 'node_modules', name, 'index.js'), 'throw new Error("not ours");');
    }
    expect(run(binary, ['--help'])).to.deep.equal(plain);
  });

  it('gives the same help in every language', () => {
    const plain = run(binary, ['--help']);
    expect(run(binary, ['--help'], { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' })).to.deep.equal(plain);
  });

  it('does not hold the path of the folder it was built in', () => {
    const bundle = readFileSync(join(root, 'dist', 'bundle', 'kubectl-infpool.cjs'), 'utf8');
    for (const folder of ['node_modules', 'src', 'plugin', 'dist'])
      expect(bundle.includes(join(root, folder)), join(root, folder)).to.be.false;
  });

  describe('as a plugin', () => {
    let kubectl: string;
    let path: string;

    beforeEach(function () {
      const found = findPart('kubectl') ?? onPath('kubectl');
      if (!found) this.skip();
      kubectl = found;
      path = join(home, 'plugins');
      mkdirSync(path);
      symlinkSync(binary, join(path, 'kubectl-infpool'));
    });

    it('is listed by kubectl without a warning', () => {
      const { status, stdout, stderr } = run(kubectl, ['plugin', 'list'], { PATH: path });
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      expect(stdout).to.match(/kubectl-infpool\n*$/);
      expect(stdout).not.to.match(/warning/i);
    });

    it('is started by kubectl', () => {
      const direct = run(binary, ['version', '--client'], { PATH: path });
      expect(run(kubectl, ['infpool', 'version', '--client'], { PATH: path })).to.deep.equal(direct);
    });
  });
});

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
