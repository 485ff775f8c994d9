// Pools in every phase, each in a namespace of its own, and a command line for each role: in a state in which it has
// something to do.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../lab/control-plane/crds.ts';
import { parseManifests } from '../lab/kube.ts';
import { alphaPool, model } from '../e2e/samples.ts';
import { Bench, crdFolder, offline } from '../e2e/support.ts';

const crds = new URL('../fixtures/scenarios/crds/', import.meta.url);
/** So that most kinds that are looked at are there: of a kind that is not installed nobody needs a right. */
const OTHERS = ['aigateway.envoyproxy.io', 'keda.sh', 'monitoring.coreos.com', 'networking.istio.io'];

export async function stage(): Promise<Bench> {
  const bench = await Bench.start();
  const others = OTHERS.map((group) => readFileSync(new URL(`${group}.yaml`, crds), 'utf8'));
  await Promise.all([
    ...others.flatMap(parseManifests).map((crd) => install(bench.lab.admin, crd)),
    bench
      .preview('fresh')
      .then(() => Promise.all(['side', 'half', 'done'].map((name) => bench.preview(name)))),
  ]);
  await Promise.all(['fresh', 'done'].map((namespace) => grant(bench, namespace)));
  for (const namespace of ['side', 'half', 'done']) await bench.side(namespace);
  await bench.done(['split', '50', '-n', 'half', '--yes']);
  await bench.done(['split', '100', '-n', 'done', '--yes']);
  await bench.done(['verify', '-n', 'done', '--wait', '--timeout', '30s']);
  return bench;
}

// A team whose routes may name the pools.
async function grant({ lab }: Bench, namespace: string): Promise<void> {
  const from = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }];
  const to = ['inference.networking.x-k8s.io', ''].map((group) => ({
    group,
    kind: group === '' ? 'Service' : 'InferencePool',
  }));
  await lab.admin.apply({
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'for-default', namespace },
    spec: { from, to },
  });
}

export interface CommandLine {
  /** Whose rights it is run with. */
  readonly roles: readonly string[];
  readonly args: readonly string[];
}

export async function COMMANDS(bench: Bench): Promise<Record<string, CommandLine>> {
  const backup = join(bench.cwd, 'backup.yaml');
  const objects = [alphaPool('fresh', 'gone'), model('fresh', 'gone', 'gone')];
  writeFileSync(backup, objects.map((object) => `---\n${JSON.stringify(object)}\n`).join(''));
  const release = ['--release', 'v1.0.1', '--from', await crdFolder('v1.0.1')];
  const off = await offline();
  return {
    detect: { roles: ['detect'], args: ['detect'] },
    status: { roles: ['status'], args: ['status'] },
    verify: { roles: ['verify'], args: ['verify', '-n', 'done'] },
    convert: { roles: ['convert'], args: ['convert', '-n', 'fresh'] },
    crds: { roles: ['crds'], args: ['crds'] },
    'convert --apply --epp none': {
      roles: ['convert-apply'],
      args: ['convert', '--apply', '--yes', '-n', 'fresh', '--epp', 'none', ...off],
    },
    'convert --apply': {
      roles: ['convert-apply', 'helm-install'],
      args: ['convert', '--apply', '--yes', '-n', 'fresh', ...off],
    },
    split: { roles: ['split'], args: ['split', '10', '-n', 'side', '--yes'] },
    rollback: { roles: ['rollback'], args: ['rollback', '-n', 'half', '--yes'] },
    cleanup: { roles: ['cleanup'], args: ['cleanup', '-n', 'done', '--ignore-owner', '--yes'] },
    'cleanup --helm-uninstall': {
      roles: ['cleanup', 'helm-uninstall'],
      args: ['cleanup', '-n', 'done', '--helm-uninstall', '--yes'],
    },
    restore: { roles: ['restore'], args: ['restore', '-f', backup, '--yes'] },
    'crds install': { roles: ['crds-install'], args: ['crds', 'install', ...release, '--yes'] },
    migrate: {
      roles: ['migrate', 'helm-install'],
      args: ['migrate', '-n', 'fresh', '--interval', '0s', '--yes', ...off],
    },
  };
}
