// The binary where it knows nobody: hardly an environment, no terminal, a folder that it may not write to, and everything
// lying about that a Node program could take for its own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { alphaPool, model } from './samples.ts';
import { Bench, binary, infpool, run } from './support.ts';

describe('an environment', function () {
  this.timeout(120_000);
  let bench: Bench;
  let folder: string;
  let usual: string;

  before(async () => {
    bench = await Bench.start();
    await bench.lab.installCrds(['gateway-api', 'gie-v0.3.0']);
    await bench.lab.admin.apply(alphaPool('default', 'food'));
    await bench.lab.admin.apply(model('default', 'review', 'food'));
    folder = mkdtempSync(join(tmpdir(), 'infpool-environment-'));
    usual = (await bench.done(['detect', '-o', 'json'])).stdout;
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bench?.end();
  });

  const bare = () => ({
    HOME: folder,
    PATH: '/usr/bin:/bin',
    KUBECONFIG: bench.lab.kubeconfig('admin'),
  });
  const detect = (env: NodeJS.ProcessEnv, cwd = folder) => infpool(['detect', '-o', 'json'], { env, cwd });

  it('of HOME, PATH and KUBECONFIG is enough, in a folder that can only be read', async () => {
    const readOnly = join(folder, 'read-only');
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o555);
    const { code, stdout } = await detect(bare(), readOnly);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal(JSON.parse(usual));
    for (const args of [['--help'], ['version', '--client'], ['convert'], ['status']])
      expect((await infpool(args, { env: bare(), cwd: readOnly })).code, args.join(' ')).to.equal(0);
  });

  it("is not Node's: its variables change nothing", async () => {
    const hook = join(folder, 'hook.cjs');
    writeFileSync(hook, 'console.log("hooked"); process.exit(9);');
    const variables: NodeJS.ProcessEnv[] = [
      { NODE_OPTIONS: `--require=${hook}` },
      { NODE_OPTIONS: '--no-such-option' },
      { NODE_PATH: folder },
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      { NODE_NO_WARNINGS: '0', NODE_PENDING_DEPRECATION: '1' },
      { FORCE_COLOR: '1', DEBUG: '*' },
    ];
    for (const more of variables) {
      const { code, stdout, stderr } = await detect({ ...bare(), ...more });
      expect(code, JSON.stringify(more)).to.equal(0);
      expect(JSON.parse(stdout), JSON.stringify(more)).to.deep.equal(JSON.parse(usual));
      expect(stderr).not.to.match(/hooked|NODE_|Deprecation/);
    }
  });

  it('of a folder full of what a Node program would read changes nothing', async () => {
    const project = join(folder, 'project');
    mkdirSync(join(project, 'node_modules', 'yargs'), { recursive: true });
    const files = {
      '.env': 'KUBECONFIG=/nowhere\nNODE_OPTIONS=--no-such-option\n',
      '.npmrc': 'node-options=--no-such-option\n',
      'package.json': '{"type":"module","yargs":{"boolean-negation":false},"name":"kubectl-infpool"}',
      'tsconfig.json': '{',
      'node_modules/yargs/package.json': '{"main":"index.js"}',
      'node_modules/yargs/index.js': 'process.exit(9)',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    const { code, stdout } = await detect(bare(), project);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal(JSON.parse(usual));
    expect((await infpool(['version', '--client'], { env: bare(), cwd: project })).code).to.equal(0);
  });

  it('in which whoever reads stops early is none of our errors', async () => {
    const command = `"${binary}" detect -o json | head -1; "${binary}" --help | head -1; "${binary}" convert | head -1`;
    const { code, stdout, stderr } = await run('sh', ['-c', command], { env: bare(), cwd: folder });
    expect(code).to.equal(0);
    expect(stdout.split('\n')).to.have.length(4);
    expect(stderr).not.to.match(/EPIPE|bug of ours|^\s+at /m);
  });

  it('of a narrow terminal is one that it works in', async function () {
    const python = [
      'import fcntl, os, pty, struct, sys, termios',
      'pid, fd = pty.fork()',
      'if pid == 0:',
      '    os.execv(sys.argv[1], sys.argv[1:])',
      'fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))',
      'out = b""',
      'try:',
      '    while True:',
      '        piece = os.read(fd, 4096)',
      '        if not piece: break',
      '        out += piece',
      'except OSError: pass',
      'sys.stdout.buffer.write(out)',
      'sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
    ].join('\n');
    const env = { ...bare(), TERM: 'xterm', PATH: process.env['PATH'] };
    for (const args of [['detect', '--help'], ['detect'], ['status']]) {
      const { code, stdout, stderr } = await run('python3', ['-c', python, binary, ...args], {
        env,
        cwd: folder,
      });
      expect(code, stderr + stdout).to.equal(0);
      expect(stdout.length, args.join(' ')).to.be.above(50);
    }
  });
});
