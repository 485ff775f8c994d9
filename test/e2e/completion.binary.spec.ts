// `kubectl infpool <TAB>` through the real kubectl, and `kubectl-infpool <TAB>` in real shells, on a real API server.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseManifests } from '../lab/kube.ts';
import { until } from '../lab/scenarios/wait.ts';
import { alphaPool, model } from './samples.ts';
import { Bench, binary, run, type Outcome } from './support.ts';

const shim = fileURLToPath(new URL('../../plugin/kubectl_complete-infpool', import.meta.url));
const route = (namespace: string, name: string, kind: string, to: string) =>
  parseManifests(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  rules:
  - backendRefs:
    - { kind: ${kind}, name: ${to}${kind === 'Service' ? ', port: 80' : ', group: inference.networking.x-k8s.io'} }
`)[0]!;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('completion', function () {
  this.timeout(120_000);
  let bench: Bench;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    bench = await Bench.start({ controllerManager: false, crds: ['gateway-api', 'gie-v0.3.0'] });
    const bin = join(bench.cwd, 'bin');
    mkdirSync(bin);
    symlinkSync(binary, join(bin, 'kubectl-infpool'));
    copyFileSync(shim, join(bin, 'kubectl_complete-infpool'));
    env = { ...process.env, ...bench.lab.env };
    env['PATH'] = [bin, env['PATH']].join(delimiter);
    for (const name of ['team-a', 'team-b'])
      await bench.lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (const [namespace, name] of [
      ['team-a', 'chat'],
      ['team-b', 'chat'],
      ['team-b', 'code'],
    ] as const)
      await bench.lab.admin.apply(alphaPool(namespace, name));
    await bench.lab.admin.apply(model('team-b', 'big', 'code'));
    await bench.lab.admin.apply(route('team-b', 'llm', 'InferencePool', 'code'));
    await bench.lab.admin.apply(route('team-b', 'shop', 'Service', 'shop'));
  });
  after(() => bench?.end());

  /** kubectl's answer, without what it says on stderr for debugging. */
  async function kubectl(words: string[], more: NodeJS.ProcessEnv = {}): Promise<string> {
    const outcome = await run('kubectl', ['__complete', 'infpool', ...words], {
      env: { ...env, ...more },
      cwd: bench.cwd,
    });
    expect(outcome.code, outcome.stderr).to.equal(0);
    return outcome.stdout;
  }
  /** The same; on a busy machine names may not come within their 0.3 s, and then there are none. */
  async function inTime(words: string[]): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const answer = await kubectl(words);
      if (attempt === 5 || values(answer).length > 1) return answer;
    }
  }
  const values = (answer: string) =>
    answer
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t')[0]);

  describe('of "kubectl infpool"', () => {
    const rows: [words: string, answer: string[]][] = [
      ['st', ['status', ':36']],
      ['status ', ['team-a/chat', 'team-b/chat', 'code', ':4']],
      ['status -n team-b ', ['chat', 'code', ':4']],
      ['status -n team-b chat ', ['code', ':4']],
      ['status team-a/', ['team-a/chat', ':4']],
      ['cleanup ', [':4']],
      ['cleanup -A c', ['code', ':4']],
      ['cleanup --namespace=team-a ', ['chat', ':4']],
      ['split -n team-b ', ['llm', '0', '1', '5', '10', '25', '50', '75', '90', '100', ':36']],
      ['split -n team-b llm 5', ['5', '50', ':36']],
      ['split -n team-b --pool co', ['code', ':4']],
      ['rollback -A ', ['llm', ':4']],
      ['status --namespace team', ['team-a', 'team-b', ':4']],
      ['status -n=team-b ', ['chat', 'code', ':4']],
      ['convert -n team-b --name=co', ['code=', ':6']],
      ['convert -n team-b --name code=', ['code=code-ga', ':4']],
      ['convert -n team-b --pair chat=', [':4']],
      ['convert -f ', [':0']],
      ['convert --output-dir ', [':16']],
      ['verify --out', ['--output', ':36']],
    ];
    for (const [words, answer] of rows)
      it(`${words}⇥ ${answer.join(' ').slice(0, 60)}`, async () => {
        expect(values(await inTime(words.split(' ')))).to.deep.equal(answer);
      });

    it('completes models by the name that requests say', async () => {
      expect(await inTime(['verify', '-n', 'team-b', '--model', ''])).to.match(/^\S+\tbig\n:4\n$/);
    });

    it('takes the context on the line, and lists those of the kubeconfig', async () => {
      const kubeconfig = join(bench.cwd, 'two');
      const text = readFileSync(bench.lab.kubeconfig(), 'utf8');
      writeFileSync(
        kubeconfig,
        `${text.replace(/^current-context: .*/m, 'current-context: nowhere')}`.replace(
          /^contexts:/m,
          'contexts:\n- name: nowhere\n  context: { cluster: gone, user: gone }',
        ),
      );
      const lab = `lab-${bench.lab.name}`;
      const line = ['status', '--kubeconfig', kubeconfig];
      expect(values(await kubectl([...line, '--context', '']))).to.deep.equal(['nowhere', lab, ':4']);
      expect(values(await kubectl([...line, '--cluster=']))).to.deep.equal([lab, ':4']);
      expect(values(await kubectl([...line, '--user', '']))).to.deep.equal(['admin', ':4']);
      expect(values(await kubectl([...line, '']))).to.deep.equal([':4']);
      expect(values(await inTime([...line, '--context', lab, '-n', 'team-a', '']))).to.deep.equal([
        'chat',
        ':4',
      ]);
    });

    it('is silent about whatever is wrong', async () => {
      const broken = join(bench.cwd, 'broken');
      writeFileSync(broken, 'a: b: c');
      const kubeconfigs = [
        broken,
        '/nowhere',
        bench.lab.kubeconfig('expired'),
        await bench.lab.addUser('nobody', []),
      ];
      for (const KUBECONFIG of kubeconfigs)
        expect(await kubectl(['cleanup', '-n', 'team-a', ''], { KUBECONFIG }), KUBECONFIG).to.equal(':4\n');
      const direct = await run('kubectl-infpool', ['__complete', 'status', ''], {
        env: { ...env, KUBECONFIG: broken },
        cwd: bench.cwd,
      });
      expect(direct).to.deep.equal({ code: 0, stdout: ':4\n', stderr: '' });
    });

    it('gives up on a server that does not answer, and leaves nothing running', async () => {
      const silent = http.createServer(() => undefined);
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const began = Date.now();
      const words = ['__complete', 'cleanup', '-n', 'x', '--server', `http://127.0.0.1:${port}`, ''];
      const direct = await run('kubectl-infpool', words, { env, cwd: bench.cwd });
      expect(direct).to.deep.equal({ code: 0, stdout: ':4\n', stderr: '' });
      // 0.3 s, and what it takes to start on a machine that is busy with other tests.
      expect(Date.now() - began).to.be.within(300, 1500);
      silent.closeAllConnections();
      silent.close();
    });

    it('ends a credential plugin that takes its time, and lets none ask', async () => {
      const plugin = (name: string, script: string) => {
        const file = join(bench.cwd, name);
        writeFileSync(file, `#!/bin/sh\n${script}\n`);
        chmodSync(file, 0o755);
        return file;
      };
      const kubeconfig = (command: string, interactiveMode: string) => {
        const file = join(bench.cwd, 'exec-kubeconfig');
        const exec = `    exec: { apiVersion: client.authentication.k8s.io/v1, command: ${command}, interactiveMode: ${interactiveMode} }`;
        writeFileSync(file, readFileSync(bench.lab.kubeconfig(), 'utf8').replace(/^ {4}token: .*$/m, exec));
        return file;
      };
      const pid = join(bench.cwd, 'pid');
      const slow = kubeconfig(
        plugin('slow', `echo $$ >${pid}; echo 'please log in' >&2; exec sleep 60`),
        'IfAvailable',
      );
      const words = ['__complete', 'cleanup', '-n', 'team-a', ''];
      const nothing = { code: 0, stdout: ':4\n', stderr: '' };
      expect(
        await run('kubectl-infpool', words, { env: { ...env, KUBECONFIG: slow }, cwd: bench.cwd }),
      ).to.deep.equal(nothing);
      const id = Number(readFileSync(pid, 'utf8'));
      await until('the end of the plugin', async () => !isRunning(id));
      const asks = kubeconfig(plugin('asks', `touch ${pid}.asked`), 'Always');
      expect(
        await run('kubectl-infpool', words, { env: { ...env, KUBECONFIG: asks }, cwd: bench.cwd }),
      ).to.deep.equal(nothing);
      const token = /token: (.*)/.exec(readFileSync(bench.lab.kubeconfig(), 'utf8'))![1]!;
      const credential = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${token}"}}`;
      const told = plugin(
        'told',
        `case $KUBERNETES_EXEC_INFO in *'"interactive":false'*) echo '${credential}';; esac`,
      );
      const works = kubeconfig(told, 'IfAvailable');
      const { stdout } = await run('kubectl-infpool', words, {
        env: { ...env, KUBECONFIG: works },
        cwd: bench.cwd,
      });
      expect(values(stdout)).to.deep.equal(['chat', ':4']);
    });
  });

  describe('of "kubectl-infpool" in bash', () => {
    before(function () {
      if (spawnSync('bash', ['-c', ':']).error) this.skip();
    });

    /** What bash has after a TAB at the end of the line, broken into words as readline breaks them. */
    async function tab(line: string, type = 9): Promise<string[]> {
      const script = `
source <(kubectl-infpool completion bash)
[[ $(complete -p kubectl-infpool) == *' -F __kubectl_infpool kubectl-infpool' ]] || exit 9
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
COMP_LINE=$1 COMP_POINT=\${#1} COMP_TYPE=$2 COLUMNS=200
shift 2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
compopt() { :; }
__kubectl_infpool
((\${#COMPREPLY[@]})) && printf '%s\\n' "\${COMPREPLY[@]}"
exit 0`;
      const words = line.split(/ +|([=:]+)/).filter((word, index, all) => word || index === all.length - 1);
      const outcome: Outcome = await run(
        'bash',
        ['--norc', '-c', script, 'bash', line, String(type), ...(words as string[])],
        {
          env,
          cwd: bench.cwd,
        },
      );
      expect({ code: outcome.code, stderr: outcome.stderr }).to.deep.equal({ code: 0, stderr: '' });
      return outcome.stdout.split('\n').slice(0, -1);
    }

    it('inserts a single candidate without its description', async () => {
      expect(await tab('kubectl-infpool spl')).to.deep.equal(['split']);
      expect(await tab('kubectl-infpool status -n team-b co')).to.deep.equal(['code']);
    });

    it('lists several with their descriptions, in a column', async () => {
      expect(await tab('kubectl-infpool s')).to.deep.equal([
        "split   (Send N percent of the alpha pools' traffic to their v1 counterparts)",
        'status  (Show the phase of each pool, its traffic, and the next command to run)',
      ]);
      expect(await tab('kubectl-infpool s', 37)).to.deep.equal(['split', 'status']);
    });

    it('completes behind = and :, where bash begins a word of its own', async () => {
      expect(await tab('kubectl-infpool status --namespace=team')).to.have.members(['team-a', 'team-b']);
      expect(await tab('kubectl-infpool status --namespace=team-b cha')).to.deep.equal(['chat']);
      expect(await tab('kubectl-infpool convert -n team-b --name code=')).to.deep.equal(['code-ga']);
      const kubeconfig = join(bench.cwd, 'colons');
      const arn = 'arn:aws:eks:eu-west-1:1:cluster';
      writeFileSync(kubeconfig, `contexts: [{ name: '${arn}/dev' }, { name: '${arn}/prod' }]`);
      const line = `kubectl-infpool status --kubeconfig ${kubeconfig} --context ${arn}`;
      expect(await tab(`${line}/`)).to.deep.equal(['cluster/dev', 'cluster/prod']);
      expect(await tab(`${line.replace('--context ', '--context=')}/p`)).to.deep.equal(['cluster/prod']);
    });

    it('leaves files to bash, and folders', async () => {
      expect(await tab('kubectl-infpool convert -f ')).to.deep.equal([]);
      expect(await tab(`kubectl-infpool convert --output-dir ${bench.cwd}/b`)).to.deep.equal([
        `${bench.cwd}/bin`,
      ]);
    });
  });

  it('of "kubectl-infpool" in fish', async function () {
    if (spawnSync('fish', ['--version']).error) return this.skip();
    const ask = async (line: string) => {
      const script = `kubectl-infpool completion fish | source; complete -C '${line}'`;
      return values((await run('fish', ['--no-config', '-c', script], { env, cwd: bench.cwd })).stdout);
    };
    expect(await ask('kubectl-infpool spl')).to.deep.equal(['split']);
    expect(await ask('kubectl-infpool status -n team-b ')).to.have.members(['chat', 'code']);
    expect(await ask('kubectl-infpool status --namespace=team')).to.have.members([
      '--namespace=team-a',
      '--namespace=team-b',
    ]);
  });
});
