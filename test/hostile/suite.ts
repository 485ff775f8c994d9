// The binary against a cluster, servers and helpers that mean no good, with secrets lying about: nothing that a terminal
// obeys comes out, nothing secret, no stack, and nothing is run that was not meant.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Json } from '../lab/kube.ts';
import { certificate, startGate, type Gate } from '../lab/connect/gate.ts';
import { ALPHA, Bench, crdFolder, snapshotOf, type Outcome, type RunOptions } from '../e2e/support.ts';
import { handIn } from '../support/figures.ts';
import { PAYLOADS, TEXTS, unsafeIn } from './payloads.ts';
import { CANARIES, secretKubeconfigs } from './canaries.ts';
import { installHostile, NS, picker, POOL } from './world.ts';

const MESSAGE = TEXTS.join(' ').slice(0, 30_000);

export function hostileContent(): void {
  describe('hostile content', function () {
    this.timeout(150_000);
    let bench: Bench;
    let gate: Gate;
    let runs = 0;
    let planted = 0;

    before(async () => {
      bench = await Bench.start({
        crds: ['gateway-api', 'gie-v0.3.0', 'gie-v1.0.0'],
        gitVersion: 'v1.34.0-gke.1\u001b[2J\u202e',
      });
      planted = await installHostile(bench.lab.admin, MESSAGE);
      const secret = (name: string, type: string, data: Json, labels: Json = {}) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        type,
        metadata: {
          namespace: NS,
          name,
          labels,
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': CANARIES.lastApplied },
        },
        stringData: data,
      });
      await bench.lab.admin.apply(secret('s', 'Opaque', { password: CANARIES.secret }));
      // Labelled as the endpoint picker's own, whose Deployment reads it: what is backed up by label or by use has it.
      await bench.lab.admin.apply(secret('picker', 'Opaque', { key: CANARIES.key }, { app: 'picker' }));
      for (const object of picker(NS, `${POOL}-epp`, 'picker')) await bench.lab.admin.apply(object);
      const release = { release: CANARIES.helm };
      await bench.lab.admin.apply(secret('sh.helm.release.v1.x.v1', 'helm.sh/release.v1', release));
      gate = await startGate(bench.lab);
      for (const name of ['tmp', 'cwd', 'bin']) mkdirSync(join(bench.cwd, name));
    });
    after(async function () {
      gate?.stop();
      await bench?.end();
      if (this.test!.parent!.tests.some((test) => !test.isPassed())) return;
      handIn('hostile-content', {
        place: 4,
        tried: 'Hostile content in a cluster, in answers and from helpers: runs of the binary',
        count: runs,
        outcome: `${planted} hostile objects and ${Object.keys(CANARIES).length + 1} planted secrets; 0 reached a terminal, 0 were printed, 0 commands were run`,
      });
    });

    const at = (name: string) => join(bench.cwd, name);

    function expectClean(what: string, { stdout, stderr }: Outcome): void {
      expect(unsafeIn(stdout), `stdout of ${what}`).to.deep.equal([]);
      expect(unsafeIn(stderr), `stderr of ${what}`).to.deep.equal([]);
      expect(stderr.slice(0, 1500), what).not.to.match(/this is a bug of ours|^\s+at .*:\d+:\d+/m);
      const secrets = [...Object.values(CANARIES), bench.lab.admin.options.token!];
      for (const secret of secrets)
        for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -4)]) {
          expect(stdout.includes(form), `${secret} in stdout of ${what}`).to.be.false;
          expect(stderr.includes(form), `${secret} in stderr of ${what}`).to.be.false;
        }
    }

    async function look(args: string[], { env, ...options }: RunOptions = {}): Promise<Outcome> {
      const outcome = await bench.infpool(args, {
        cwd: at('cwd'),
        ...options,
        env: { SECRET: CANARIES.env, TMPDIR: at('tmp'), ...env },
      });
      runs++;
      expectClean(args.join(' '), outcome);
      expect(readdirSync(at('tmp')), `left in TMPDIR by ${args.join(' ')}`).to.deep.equal([]);
      return outcome;
    }

    const COMMANDS: Record<string, string[]> = {
      detect: ['', 'wide', 'json', 'yaml', 'markdown', 'name'],
      status: ['', 'json', 'yaml', 'markdown', 'name'],
      convert: ['', 'json', 'helm', 'script', 'name'],
      verify: ['', 'wide', 'json', 'yaml'],
      crds: ['', 'json', 'yaml'],
      version: ['', 'json', 'yaml'],
    };
    for (const [command, outputs] of Object.entries(COMMANDS))
      it(`${command} prints nothing that a terminal obeys, in any form`, async () => {
        const scope = ['crds', 'version'].includes(command) ? [] : ['-n', NS];
        for (const output of outputs) {
          const flags = output === '' ? [] : ['-o', output];
          const { stdout, code } = await look([command, ...scope, ...flags]);
          if (output === 'json') JSON.parse(stdout);
          expect(code, `${command} ${flags.join(' ')}`).to.be.oneOf([0, 1, 2, 4]);
        }
        if (command === 'verify') await look(['verify', '-n', NS, '--verbose']);
      });

    it('plans, diffs, dry runs and refusals are clean', async () => {
      const crds = ['--from', await crdFolder('v1.0.0')];
      for (const args of [
        ['convert', '--apply', '--epp', 'none', '-o', 'diff'],
        ['convert', '--apply', '--epp', 'none', '--dry-run=client'],
        ['convert', '--apply', '--epp', 'none', '--dry-run=client', '-o', 'yaml'],
        ['convert', '--apply', '--epp', 'none'],
        ['split', '50'],
        ['split', '50', '-o', 'diff', '--force'],
        ['cleanup'],
        ['cleanup', '--force', '--dry-run=client'],
        ['cleanup', '--force', '--ignore-owner', '-o', 'diff'],
        ['cleanup', '--helm-uninstall', '--dry-run=client', '--force'],
        ['rollback'],
        ['migrate', '--dry-run=client'],
        ['detect', POOL.slice(0, 4)],
      ])
        await look([...args, '-n', NS]);
      await look(['crds', 'install', '--dry-run=client', ...crds]);
      await look(['__complete', 'convert', '-n', NS, '']);
      await look(['__complete', 'verify', '-n', NS, '--model', '']);
    });

    it('a backup is its owner’s alone, holds no secret, and what is restored is what was there', async () => {
      const path = at('backup.yaml');
      const args = ['cleanup', '-n', NS, '--force', '--ignore-owner', '--yes', '--backup', path];
      await look([...args, '--dry-run=server']);
      expect(existsSync(path), 'a dry run writes none').to.be.false;

      const alpha = async () =>
        snapshotOf(
          (
            await Promise.all(
              ['inferencepools', 'inferencemodels'].map((kind) => bench.lab.admin.list(ALPHA, kind, NS)),
            )
          ).flat(),
        );
      const before = await alpha();
      expect(Object.keys(before).length).to.be.above(30);
      expect((await look(args)).code).to.equal(0);
      expect(await alpha()).to.deep.equal({});
      expect((statSync(path).mode & 0o777).toString(8)).to.equal('600');
      const backup = readFileSync(path, 'utf8');
      for (const kept of ['kind: InferencePool', 'kind: InferenceModel', 'kind: Deployment', 'kind: Service'])
        expect(backup).to.include(`\n${kept}\n`);
      expect(unsafeIn(backup)).to.deep.equal([]);
      expect(backup).not.to.match(/^kind: Secret$/m);
      for (const secret of [...Object.values(CANARIES), bench.lab.admin.options.token!])
        for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -4)])
          expect(backup.includes(form), `${secret} in the backup`).to.be.false;

      expect((await look(['restore', '-f', path, '-n', NS, '--yes', '--no-wait'])).code).to.equal(0);
      expect(await alpha()).to.deep.equal(before);
    });

    it('what servers say in place of an answer is said in one clean line', async function () {
      const server = { server: gate.url, 'certificate-authority': certificate('ca.crt') };
      writeFileSync(
        at('gate.json'),
        JSON.stringify({
          clusters: [{ name: 'c', cluster: server }],
          users: [{ name: 'u', user: { token: bench.lab.admin.options.token } }],
          contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: NS } }],
          'current-context': 'x',
        }),
      );
      const say = (code: number, body: string, type: string) => {
        gate.answering = (_, response) => {
          response.writeHead(code, { 'content-type': type, warning: '299 - "\u009b31m\u0085warned"' });
          response.end(body);
          return true;
        };
      };
      const statusOf = (code: number, reason: string) =>
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          code,
          reason,
          message: MESSAGE,
        });
      for (const [code, body, type] of [
        [403, statusOf(403, 'Forbidden'), 'application/json'],
        [500, statusOf(500, 'InternalError'), 'application/json'],
        [401, statusOf(401, 'Unauthorized'), 'application/json'],
        [500, `<html>${MESSAGE}</html>`, 'text/html'],
        [200, `<html>${MESSAGE}</html>`, 'text/html\u009b31m'],
        [
          200,
          '{"__proto__":{"items":1},"kind":"\\u001b[2JList","items":[null,1,"\\u202e"]}',
          'application/json',
        ],
        [302, MESSAGE, 'text/plain'],
      ] as const) {
        say(code, body, type);
        for (const command of [['detect'], ['version'], ['split', '50', '--yes']]) {
          const outcome = await look([...command, '--request-timeout', '5s'], {
            env: { KUBECONFIG: at('gate.json') },
          });
          expect(outcome.code, `${command[0]} told ${code}`).to.be.oneOf([1, 3, 4]);
          expect(Buffer.byteLength(outcome.stderr)).to.be.lessThan(500_000);
        }
      }
      gate.answering = () => false;
    });

    it('what is secret in a kubeconfig stays there, whatever is wrong with it', async () => {
      for (const { config, args, env } of secretKubeconfigs(bench.lab.server, at('plugin'))) {
        writeFileSync(at('broken.json'), config);
        for (const command of [['detect'], ['convert', '-o', 'yaml']])
          await look([...command, '--request-timeout', '5s', ...args], {
            env: { KUBECONFIG: at('broken.json'), ...env },
          });
      }
      writeFileSync(
        at('broken.yaml'),
        `users:\n- name: a\n  user:\n    token: !${CANARIES.password}\n   x: ]`,
      );
      await look(['detect'], { env: { KUBECONFIG: at('broken.yaml') } });
    });

    it('helm gets no token by its arguments, only releases by name, and what it says is cleaned', async () => {
      const log = at('helm.log');
      const words = PAYLOADS['the clipboard (OSC 52)']!;
      writeFileSync(
        join(at('bin'), 'helm'),
        `#!/bin/sh\n{ tr '\\0' ' ' < /proc/$$/cmdline; echo; } >> '${log}'\nprintf '%s\\n' '${words}' >&2\nexit 1\n`,
      );
      chmodSync(join(at('bin'), 'helm'), 0o755);
      const env = { PATH: `${at('bin')}:${bench.lab.env['PATH']}` };
      const { token } = bench.lab.admin.options;
      for (const args of [
        [
          'convert',
          '--apply',
          '--yes',
          '--no-wait',
          '--chart',
          at('cwd'),
          '--crds-from',
          await crdFolder('v1.0.0'),
        ],
        ['cleanup', '--helm-uninstall', '--force', '--yes'],
      ])
        await look([...args, '-n', NS, '--token', token!], { env });
      const called = existsSync(log) ? readFileSync(log, 'utf8') : '';
      expect(called, 'helm was called').to.match(/helm/);
      expect(called).not.to.include(token!);
      expect(called).not.to.match(/helm (get|uninstall|list)[^\n]* --kubeconfig=evil/);
    });

    after(() => {
      for (const folder of ['cwd', '.']) expect(existsSync(join(bench.cwd, folder, 'canary'))).to.be.false;
    });
  });
}
