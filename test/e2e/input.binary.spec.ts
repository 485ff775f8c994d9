// What a person can get wrong: one clear line each, exit 1, no stack; and the nearest name where there is one.
import { createServer, type Server } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { alphaPool, model } from './samples.ts';
import { Bench, expectOneLine } from './support.ts';

describe('bad input', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start({
      crds: ['gateway-api', 'gie-v0.3.0', 'gie-v1.0.0'],
      controllerManager: false,
    });
    await bench.lab.admin.apply(alphaPool('default', 'vllm-llama3'));
    await bench.lab.admin.apply(alphaPool('default', 'vllm-qwen'));
    await bench.lab.admin.apply(model('default', 'food', 'vllm-llama3'));
  });
  after(() => bench?.end());

  const cases: [line: string, what: RegExp][] = [
    ['frobnicate', /There is no command "frobnicate"/],
    ['detct', /There is no command "detct"\.\n.*detect"\?/],
    ['detect --outptu json', /detect has no flag --outptu\.\n.*--output\?/],
    [
      'detect -o jsn',
      /detect does not know --output "jsn"\.\n.*Did you mean --output json\? It knows: table, /,
    ],
    ['split 50 -x', /split has no flag -x\.\n.*All flags: kubectl infpool split --help/],
    ['-n team detect', /The command comes first, not -n\.\n.*As in: kubectl infpool detect -n team\n$/],
    ['detect -n defalt', /There is no namespace "defalt".*\n.*-n default\?/],
    ['convert -n defalt', /There is no namespace "defalt"/],
    ['detect --all-namespace', /detect has no flag --all-namespace\.\n.*--all-namespaces\?/],
    ['detect -o xml', /xml/],
    ['detect extra', /takes no argument.*extra/],
    ['split', /split needs the percentage/],
    ['split 101', /"101" is not a percentage\.\n.*0 to 100/],
    ['split x', /"x" is not a percentage/],
    ['split -- -1', /"-1" is not a percentage/],
    ['split 33.5', /"33.5" is not a percentage/],
    ['split --weight 1e2', /"1e2" is not a percentage/],
    ['split no-such-route 50', /no-such-route/],
    ['split 50 --pool vllm-lama3', /no pool "vllm-lama3".*\n.*Did you mean: vllm-llama3/],
    ['convert vllm-lama3', /no pool "vllm-lama3".*\n.*vllm-llama3/],
    ['verify vllm-quen', /no pool "vllm-quen".*\n.*vllm-qwen/],
    ['cleanup vllm-quen --yes', /no pool "vllm-quen".*\n.*vllm-qwen/],
    [
      'status inferencepool/vllm-qwen',
      /ambiguous.*\n.*inferencepools\.inference\.networking\.x-k8s\.io\/vllm-qwen/,
    ],
    ['convert --release v9.9.9', /Release "v9\.9\.9" is not known\.\n.*v1\.5\.0/],
    ['convert --name vllm-qwen', /--name "vllm-qwen" is not OLD=NEW/],
    ['convert --name nobody=x', /no pool "nobody"/],
    ['convert --priority Critcal=2', /--priority: "Critcal=2"/],
    ['convert -f /no/such/file.yaml', /\/no\/such\/file\.yaml could not be read: there is no such file/],
    ['restore', /restore needs the backup file: -f is missing/],
    ['restore -f /no/such/backup.yaml', /There is no file \/no\/such\/backup\.yaml. Nothing was restored/],
    ['crds frobnicate', /"crds frobnicate" is not a command/],
    ['verify --probes 0', /--probes "0"/],
    ['verify --wait --timeout soon', /--timeout "soon" is not a duration/],
    ['detect --context nowhere', /nowhere/],
    ['detect --kubeconfig /no/such/config', /\/no\/such\/config/],
    ['detect --selector a~b', /--selector: "a~b"/],
  ];
  for (const [line, what] of cases)
    it(`infpool ${line}`, async () => expectOneLine(await bench.infpool(line.split(' ')), what));

  it('an unreachable server', async () => {
    expectOneLine(await bench.infpool(['detect', '-s', 'https://127.0.0.1:1']), /127\.0\.0\.1:1.*refused/i);
    expectOneLine(
      await bench.infpool(['detect', '-s', 'https://no-such-host.invalid']),
      /no-such-host\.invalid/,
    );
  });

  it('a server that takes the connection and never answers', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const args = ['detect', '-s', `https://127.0.0.1:${port}`, '--request-timeout', '1s'];
    const outcome = await bench.infpool(args);
    silent.close();
    expect(outcome.stderr).to.match(new RegExp(`^error: .*127\\.0\\.0\\.1:${port}.*`));
    expect([1, 124]).to.include(outcome.code);
  });

  it('an expired token', async () => {
    for (const command of ['detect', 'convert', 'split 50', 'cleanup', 'verify', 'status', 'crds'])
      expectOneLine(
        await bench.infpool(command.split(' '), { user: 'expired' }),
        /token|credentials|log in|unauthori[sz]ed/i,
      );
  });

  it('a broken kubeconfig, an empty one, none', async () => {
    const file = (name: string, text: string) => {
      const path = join(bench.cwd, name);
      writeFileSync(path, text);
      return path;
    };
    const whole = readFileSync(bench.lab.kubeconfig(), 'utf8');
    const broken: Record<string, RegExp> = {
      [file('broken', 'apiVersion: v1\nclusters: [\n')]: /broken/,
      [file('text', 'hello')]: /text/,
      [file('no-context', whole.replace(/current-context: .*/, 'current-context: gone'))]: /gone/,
      [file('empty', '')]: /no cluster|kubeconfig/i,
      [join(bench.cwd, 'absent')]: /kubeconfig/i,
    };
    for (const [path, what] of Object.entries(broken))
      expectOneLine(await bench.infpool(['detect'], { env: { KUBECONFIG: path, HOME: bench.cwd } }), what);
  });

  it('a manifest that is none is named with file and line, and the rest is still converted', async () => {
    const path = join(bench.cwd, 'mixed.yaml');
    const good = JSON.stringify(alphaPool('default', 'food'));
    writeFileSync(path, `${good}\n---\nkind: [broken\n---\n${good.replaceAll('food', 'other')}\n`);
    const { code, stdout, stderr } = await bench.infpool(['convert', '-f', path]);
    expect(stderr).to.match(/^error: .*mixed\.yaml:\d+: /m);
    expect(stdout).to.include('name: food-ga').and.include('name: other-ga');
    expect(code).to.equal(1);
  });
});
