// Pools in every phase, each in a namespace of its own, and a command line for each role: in a state in which it has
// something to do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../lab/control-plane/crds.ts';
import { parseManifests } from '../lab/kube.ts';
import { ALPHA, Bench, crdFolder, offline } from '../e2e/support.ts';

const crds = new URL('../fixtures/scenarios/crds/', import.meta.url);
/** So that most kinds that are looked at are there: of a kind that is not installed nobody needs a right. */
const OTHERS = ['aigateway.envoyproxy.io', 'keda.sh', 'monitoring.coreos.com', 'networking.istio.io'];

/** Alpha alone · v1 beside it · half of the traffic on v1 · all of it · cleaned up by hand, with a backup. */
const NAMESPACES = ['fresh', 'whole', 'side', 'half', 'done', 'gone'] as const;

export const backupIn = (bench: Bench): string => join(bench.cwd, 'backup.yaml');

export async function stage(): Promise<Bench> {
  const bench = await Bench.start();
  const { admin } = bench.lab;
  const others = OTHERS.map((group) => readFileSync(new URL(`${group}.yaml`, crds), 'utf8'));
  const [first, ...rest] = NAMESPACES;
  await Promise.all([
    ...others.flatMap(parseManifests).map((crd) => install(admin, crd)),
    bench.preview(first).then(() => Promise.all(rest.map((name) => bench.preview(name)))),
  ]);
  await Promise.all(NAMESPACES.map((namespace) => grant(bench, namespace)));
  for (const namespace of ['side', 'half', 'done', 'gone']) await bench.side(namespace);
  await bench.done(['split', '50', '-n', 'half', '--yes']);
  for (const namespace of ['done', 'gone']) {
    await bench.done(['split', '100', '-n', namespace, '--yes']);
    await bench.done(['verify', '-n', namespace, '--wait', '--timeout', '60s']);
  }
  await bench.done([...CLEANUP, '-n', 'gone', '--backup', backupIn(bench)]);
  return bench;
}

const CLEANUP = ['cleanup', '--ignore-owner', '--yes'];

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

export async function commandLines(bench: Bench): Promise<Record<string, CommandLine>> {
  const release = ['--release', 'v1.0.1', '--from', await crdFolder('v1.0.1')];
  const off = await offline();
  const line = (roles: readonly string[], ...args: string[]): CommandLine => ({ roles, args });
  return {
    detect: line(['detect'], 'detect'),
    status: line(['status'], 'status'),
    verify: line(['verify'], 'verify', '-n', 'done'),
    report: line(['report'], 'report', '-n', 'side', '--no-probe', ...off),
    convert: line(['convert'], 'convert', '-n', 'side'),
    crds: line(['crds'], 'crds'),
    'crds install': line(['crds-install'], 'crds', 'install', ...release, '--yes'),
    'convert --apply': line(
      ['convert-apply', 'helm-install'],
      ...['convert', '--apply', '--yes', '-n', 'fresh', ...off],
    ),
    split: line(['split'], 'split', '10', '-n', 'side', '--yes'),
    rollback: line(['rollback'], 'rollback', '-n', 'half', '--yes'),
    migrate: line(
      ['migrate', 'helm-install'],
      ...['migrate', '-n', 'whole', '--steps', '100', '--interval', '0s', '--yes', ...off],
    ),
    // The rights of what comes at its end are asked for before it begins.
    'migrate --cleanup': line(
      ['migrate', 'helm-install', 'cleanup', 'helm-uninstall'],
      ...['migrate', '-n', 'whole', '--steps', '100', '--interval', '0s', '--yes', ...off],
      ...['--cleanup', '--helm-uninstall'],
    ),
    restore: line(['restore'], 'restore', '-f', backupIn(bench), '--yes'),
    'cleanup --helm-uninstall': line(
      ['cleanup', 'helm-uninstall'],
      ...['cleanup', '-n', 'done', '--helm-uninstall', '--yes'],
    ),
  };
}

/** What is there to do once `restore` has brought something back. */
export const CLEANUP_LINE: CommandLine = { roles: ['cleanup'], args: [...CLEANUP, '-n', 'gone'] };

/** The last one: nothing of alpha may be left. */
export const CRDS_LINE: CommandLine = {
  roles: ['cleanup', 'cleanup-crds'],
  args: [...CLEANUP, '-A', '--crds'],
};

/** Every alpha object is taken away by somebody else. */
export async function withoutAlpha({ lab: { admin } }: Bench): Promise<void> {
  for (const [plural, kind] of [
    ['inferencemodels', 'InferenceModel'],
    ['inferencepools', 'InferencePool'],
  ] as const)
    for (const { metadata } of await admin.list(ALPHA, plural))
      await admin.delete({ apiVersion: ALPHA, kind, namespace: metadata.namespace!, name: metadata.name });
}
