// The binary where it knows nobody: hardly an environment, no terminal, a folder that it may not write to, and everything
// lying about that a Node program could take for its own.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { alphaPool, model } from './samples.ts';
import { Bench, binary, infpool, run } from './support.ts';

describe('an environment', function () {
  this.timeout(120_000);
  let bench: Bench;
  let folder: string;
  let home: string;
  let usual: string;

  before(async () => {
    bench = await Bench.start();
    await bench.lab.installCrds(['gateway-api', 'gie-v0.3.0']);
    await bench.lab.admin.apply(alphaPool('default', 'food'));
    await bench.lab.admin.apply(model('default', 'review', 'food'));
    folder = mkdtempSync(join(tmpdir(), 'infpool-environment-'));
    home = join(folder, 'home');
    mkdirSync(home);
    usual = (await bench.done(['detect', '-o', 'json'])).stdout;
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bench?.end();
  });

  const bare = () => ({
    HOME: home,
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
    // Whoever is root may write there all the same, so it is looked at, too.
    expect([readdirSync(readOnly), readdirSync(home)]).to.deep.equal([[], []]);
  });

  it("is not Node's: its variables change nothing", async () => {
    const hook = join(folder, 'hook.cjs');
    writeFileSync(hook, 'console.log("hooked"); process.exit(9);');
    const plain = await detect(bare());
    const variables: NodeJS.ProcessEnv[] = [
      { NODE_EXTRA_CA_CERTS: join(folder, 'nowhere.pem') },
      { NODE_EXTRA_CA_CERTS: hook },
      { SSL_CERT_FILE: hook },
      { NODE_ICU_DATA: folder, SSLKEYLOGFILE: join(folder, 'keys') },
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
      // Said by Node before any line of ours is run; it can't be kept from it.
      const said = stderr.replace(/^Warning: Ignoring extra certs from .*\n/, '');
      expect(said, JSON.stringify(more)).to.equal(plain.stderr);
    }
    expect(existsSync(join(folder, 'keys'))).to.be.false;
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

  for (const gone of ['stdout', 'stderr'] as const)
    it(`in which nobody reads ${gone} ends us as it ends kubectl, not as if all was done`, async () => {
      const args = gone === 'stdout' ? ['detect', '-o', 'json'] : ['no-such-command'];
      const child = spawn(binary, args, { env: bare(), cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      child[gone].destroy(); // before it is through its first few milliseconds
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect({ code, stack: /^\s+at /m.test(said) }).to.deep.equal({ code: 141, stack: false });
    });

  it('with stdin, stdout or stderr closed is one to work in', async () => {
    for (const closed of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']) {
      const { code } = await run('sh', ['-c', `"${binary}" detect ${closed}`], { env: bare(), cwd: folder });
      expect(code, closed).to.equal(0);
    }
  });

  it('with a full disk behind stdout is told about', async function () {
    if (!existsSync('/dev/full')) return this.skip();
    const command = `"${binary}" detect -o json > /dev/full`;
    const { code, stderr } = await run('sh', ['-c', command], { env: bare(), cwd: folder });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: the output could not be written: .*ENOSPC/m);
  });

  it('of a narrow terminal is one that it works in', async () => {
    const python = [
      'import fcntl, os, pty, struct, sys, termios',
      'pid, fd = pty.fork()',
      'if pid == 0:',
      '    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))',
      '    os.execv(sys.argv[1], sys.argv[1:])',
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
      if (args.includes('--help'))
        // What is to be pasted is not broken, nor is a word.
        for (const line of stdout
          .split('\r\n')
          .filter((each) => !/^ *(?:kubectl infpool .*|\S+)$/.test(each)))
          expect(line.length, line).to.be.at.most(40);
    }
  });
});
