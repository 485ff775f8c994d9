import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { runbook, type ScriptInput } from '../../src/report/script.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { REWRITE } from '../../src/api/resource.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, model, object, objective, route, toAlpha, v1Pool } from '../support/objects.ts';
import { HOSTILE } from './world.ts';

function input(name = 'food', more: Partial<ScriptInput> = {}): ScriptInput {
  const pair = { alpha: refOf(alphaPool(name)), v1: refOf(v1Pool(`${name}-ga`)) };
  const half = splitRoute(route([[toAlpha(name)]]), [pair], [pair], 50);
  const whole = splitRoute(half.after, [pair], [pair], 100);
  return {
    release: 'v1.0.1',
    server: 'https://server',
    gkeOwnsV1PoolCrd: false,
    pools: [
      {
        ...pair,
        helmInstall: ['install', `${name}-ga`, 'oci://chart', '--set', `label=${name}`],
        objects: [objective(name)],
        models: [refOf(model(name))],
        helmRelease: null,
        epp: `${name}-epp`,
        eppV1: `${name}-ga-epp`,
      },
    ],
    routes: [{ ref: refOf(route()), half: patchStep(half, '').patch, whole: patchStep(whole, '').patch }],
    ...more,
  };
}

const byHelm = (): ScriptInput => ({
  ...input(),
  gkeOwnsV1PoolCrd: true,
  pools: [{ ...input().pools[0]!, helmRelease: { name: 'rel', namespace: 'llm' } }],
});

/** What `kubectl` and `helm` are called with when the script runs, pauses left out; and what apply -f - reads. */
function run(script: string): { calls: string[][]; files: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-'));
  try {
    for (const name of ['kubectl', 'helm']) {
      const log = `#!/bin/sh\n{ printf '%s\\0' ${name} "$@"; printf '\\n\\0'; } >> "${folder}/calls"\n`;
      const read = `case "$*" in *'-f -') cat >> "${folder}/applied";; esac\n`;
      writeFileSync(join(folder, name), log + read);
      chmodSync(join(folder, name), 0o755);
    }
    writeFileSync(join(folder, 'script'), script.replace(/^pause\(\).*$/m, 'pause() { :; }'));
    execFileSync('bash', ['script'], {
      cwd: folder,
      env: { PATH: `${folder}:/usr/bin:/bin` },
      stdio: 'pipe',
    });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n\u0000').slice(0, -1);
    const files = execFileSync('ls', [folder], { encoding: 'utf8' }).trim().split('\n');
    return { calls: calls.map((call) => call.split('\u0000').slice(0, -1)), files };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the runbook', () => {
  for (const [name, subject] of [
    ['by-hand', input()],
    ['helm-on-gke', byHelm()],
    ['nothing', input('food', { pools: [], routes: [] })],
  ] as const)
    it(`is a script that bash takes: ${name}`, () => {
      const script = runbook(subject);
      expectGolden(`report/runbook-${name}.sh`, script);
      execFileSync('bash', ['-n'], { input: script });
    });

  it('carries out the three phases in order', () => {
    const { calls } = run(runbook(input()));
    const brief = calls.map(
      ([command, ...args]) => `${command} ${args.find((word) => !word.startsWith('-'))}`,
    );
    expect(brief).to.deep.equal([
      'kubectl apply',
      'helm install',
      'kubectl annotate',
      'kubectl apply',
      'kubectl rollout',
      'kubectl annotate',
      'kubectl patch',
      'kubectl get',
      'kubectl annotate',
      'kubectl patch',
      'kubectl get',
      'kubectl delete',
      'kubectl delete',
      'kubectl delete',
      'kubectl delete',
      'kubectl get',
      'kubectl delete',
      'kubectl get',
      'kubectl delete',
    ]);
    for (const call of calls)
      expect(call.join(' ')).not.to.match(/(?<![-/])\b(inferencepools?|infpool|inferencemodels?)( |\/|$)/);
  });

  it('moves no share where the controller takes none, and nothing at all where it serves no v1 pool', () => {
    const [only] = input().routes;
    const whole = { ...only!, half: [], allOrNothing: 'one group\nrm -rf /' };
    const { calls } = run(runbook(input('food', { routes: [whole] })));
    expect(calls.filter(([, verb]) => verb === 'patch')).to.have.length(1);
    const refused = runbook(input('food', { routes: [{ ...only!, refused: "alpha only; it's $(x)" }] }));
    expect(() => run(refused)).to.throw(/alpha only; it's \$\(x\)/);
    expect(refused.indexOf('exit 1')).to.be.below(refused.indexOf('kubectl patch'));
  });

  it('takes the CRDs from where it was told', () => {
    const script = runbook(input('food', { crdsFrom: 'my crds/v1.yaml' }));
    expect(script).to.include("kubectl apply -f 'my crds/v1.yaml'").and.not.include('github.com');
  });

  it('writes no resourceVersion: hours may lie between the lines', () => {
    expect(runbook(input())).not.to.contain('resourceVersion');
  });

  it('takes the annotation away again where a patch does', () => {
    const [only] = input().routes;
    const remove = {
      op: 'remove' as const,
      path: '/metadata/annotations/kubectl-infpool~1original-backend-refs',
    };
    const routes = [{ ...only!, whole: [remove] }];
    expect(runbook(input('food', { routes }))).to.match(
      /--overwrite kubectl-infpool\/original-backend-refs-$/m,
    );
  });

  it('never touches the v1 pool CRD where GKE owns it, and brings rewrites where there are some', () => {
    const script = runbook(byHelm());
    expect(script).not.to.contain('manifests.yaml');
    expect(script).to.contain(
      'v1.0.1/config/crd/bases/inference.networking.x-k8s.io_inferenceobjectives.yaml',
    );
    expect(script).not.to.contain('inferencemodelrewrites');
    const pools = [{ ...byHelm().pools[0]!, objects: [objective(), object(REWRITE, 'review')] }];
    expect(runbook({ ...byHelm(), pools })).to.contain('_inferencemodelrewrites.yaml');
  });

  it('quotes whatever a cluster, or a file, calls a thing', () => {
    const script = runbook(input(HOSTILE));
    execFileSync('bash', ['-n'], { input: script });
    const { calls, files } = run(script);
    expect(files, 'nothing of a name was carried out').to.deep.equal([
      'applied',
      'calls',
      'helm',
      'kubectl',
      'script',
    ]);
    expect(calls.find(([command]) => command === 'helm')).to.include(`label=${HOSTILE}`);
    expect(calls.map((call) => call.at(-2))).to.include(
      `inferencemodels.inference.networking.x-k8s.io/${HOSTILE}`,
    );
    expect(calls.some((call) => call.includes(`kubectl-infpool/migrated-from=${HOSTILE}`))).to.be.true;
  });

  it('has a here-document that its own text can not end', () => {
    const pools = [
      { ...input().pools[0]!, objects: [{ ...objective(), spec: { text: 'a\nEND\nENDX\n$(x)' } }] },
    ];
    const script = runbook({ ...input(), pools });
    execFileSync('bash', ['-n'], { input: script });
    expect(run(script).calls).to.have.length(19);
  });
});
