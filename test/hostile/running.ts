// Runs what is printed for a shell, with stand-ins for kubectl and helm that write down what they were called with, word
// by word, and for what a name could call.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import { CONFIG_MAP } from '../../src/api/resource.ts';
import { toJson } from '../../src/api/json.ts';
import { runbook, type ScriptInput } from '../../src/report/script.ts';
import { alphaPool, model, object, route, v1Pool } from '../support/objects.ts';
import { unsafeIn } from './payloads.ts';

export interface Ran {
  status: number | null;
  stderr: string;
  /** Program and arguments of each call, as they came. */
  calls: string[][];
  /** What `kubectl apply -f -` was given. */
  applied: string[];
  /** What was made beside the script's own. */
  files: string[];
}

/** PATH has kubectl, helm and traps: whatever else a script calls is written down, too. */
export function run(shell: string, script: string): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'infpool-script-'));
  const [bin, log, cwd] = ['bin', 'log', 'cwd'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [bin, log, cwd]) mkdirSync(path);
  try {
    for (const name of ['kubectl', 'helm', 'touch', 'rm', 'curl', 'evil']) {
      const path = join(bin, name);
      const apply = `case "$*" in *'-f -') n=$(ls '${log}' | wc -l); cat > "${log}/applied$n" ;; esac`;
      writeFileSync(
        path,
        `#!/bin/sh\nPATH=/usr/bin:/bin\nprintf '%s\\0' $(($# + 1)) ${name} "$@" >> '${log}/calls'\n${apply}\n`,
      );
      chmodSync(path, 0o755);
    }
    writeFileSync(join(log, 'calls'), '');
    const { status, stderr } = spawnSync(shell, {
      cwd,
      input: script.replace(/^pause\(\).*$/m, 'pause() { :; }'),
      env: { PATH: `${bin}:/usr/bin:/bin`, HOME: folder },
      encoding: 'utf8',
    });
    const words = readFileSync(join(log, 'calls'), 'utf8').split('\u0000').slice(0, -1);
    const calls: string[][] = [];
    while (words.length > 0) calls.push(words.splice(0, Number(words.shift())));
    const applied = readdirSync(log)
      .filter((name) => name.startsWith('applied'))
      .sort((a, b) => Number(a.slice(7)) - Number(b.slice(7)))
      .map((name) => readFileSync(join(log, name), 'utf8'));
    return {
      status,
      stderr,
      calls,
      applied,
      files: readdirSync(cwd),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ALPHA = 'inference.networking.x-k8s.io';
const POOLS = `inferencepools.${ALPHA}`;
const V1 = 'inferencepools.inference.networking.k8s.io';
const ROUTES = 'httproutes.gateway.networking.k8s.io';

function inputOf(text: string, objects: readonly KubeObject[]): ScriptInput {
  const named = <T extends KubeObject>(made: T): T => {
    made.metadata.name = `n${text}`;
    made.metadata.namespace = text;
    return made;
  };
  const operations = [{ op: 'replace', path: '/spec/rules', value: text }] as const;
  const remembered = [
    {
      op: 'add',
      path: '/metadata/annotations',
      value: { 'kubectl-infpool/original-backend-refs': text },
    },
  ] as const;
  return {
    release: 'v1.0.1',
    server: text,
    gkeOwnsV1PoolCrd: true,
    pools: [
      {
        alpha: refOf(named(alphaPool())),
        v1: refOf(named(v1Pool())),
        helmInstall: ['install', text, '--set', `a=${text}`],
        objects,
        models: [refOf(named(model()))],
        helmRelease: { name: text, namespace: text },
        epp: text,
        eppV1: text,
      },
    ],
    routes: [{ ref: refOf(named(route())), half: [...remembered, ...operations], whole: operations }],
    beside: {
      created: objects,
      carriedOver: objects,
      patched: [{ ref: refOf(named(route())), operations }],
      removed: [{ ref: refOf(named(route())), operations: [] }],
    },
  };
}

/** What the script is meant to call, in order. */
function meant(text: string): string[][] {
  const name = `n${text}`;
  const patch = toJson([{ op: 'replace', path: '/spec/rules', value: text }]);
  const raw = 'https://raw.githubusercontent.com/kubernetes-sigs/gateway-api-inference-extension';
  const onRoute = ['-n', text, `${ROUTES}/${name}`];
  const patched = ['kubectl', 'patch', ...onRoute, '--type=json', '-p', patch];
  const gateways = ['kubectl', 'get', 'gateways.gateway.networking.k8s.io', '--all-namespaces'];
  const forget = '--ignore-not-found';
  const crd = 'customresourcedefinitions.apiextensions.k8s.io';
  const lastOf = (kind: string) => [
    ['kubectl', 'get', kind, '--all-namespaces', '--output', 'name'],
    ['kubectl', 'delete', crd, kind, forget],
  ];
  return [
    ['kubectl', 'apply', '-f', `${raw}/v1.0.1/config/crd/bases/${ALPHA}_inferenceobjectives.yaml`],
    ['helm', 'install', text, '--set', `a=${text}`],
    ['kubectl', 'annotate', '-n', text, `${V1}/${name}`, `kubectl-infpool/migrated-from=${name}`],
    ['kubectl', 'apply', '-f', '-'],
    ['kubectl', 'rollout', 'status', `deployments.apps/${text}`, '-n', text, '--timeout=5m'],
    ['kubectl', 'apply', '-f', '-'],
    ['kubectl', 'apply', '--server-side', '--force-conflicts', '-f', '-'],
    patched,
    ['kubectl', 'annotate', ...onRoute, '--overwrite', `kubectl-infpool/original-backend-refs=${text}`],
    patched,
    gateways,
    patched,
    gateways,
    ['kubectl', 'delete', ...onRoute, forget],
    ['kubectl', 'delete', '-n', text, `inferencemodels.${ALPHA}/${name}`, forget],
    ['helm', 'uninstall', text, '--namespace', text],
    ...lastOf(POOLS),
    ...lastOf(`inferencemodels.${ALPHA}`),
  ];
}

const withText = (text: string) =>
  object(CONFIG_MAP, 'c', { data: { key: text, [text]: `${text}\nEND\n${text}` } }) as KubeObject;

/** The runbook of a world in which everything is called or says `text`, run: it calls just what is meant. */
export function expectRunbookMeans(shell: string, text: string): void {
  const script = runbook(inputOf(text, [withText(text)]));
  expect(unsafeIn(script)).to.deep.equal([]);
  const { calls, applied, ...rest } = run(shell, script);
  expect(rest).to.deep.equal({ status: 0, stderr: '', files: [] });
  expect(calls).to.deep.equal(meant(text));
  expect(applied).to.have.length(3);
  for (const yaml of applied) expect(loadAll(yaml)).to.deep.equal([withText(text)]);
}
