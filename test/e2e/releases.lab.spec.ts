// For every release: what its chart makes with our values is what we say the v1 pool is, to a real API server that has
// the CRDs of that release. What differs is what a finding names.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/api/finding.ts';
import { helmInstallArgs, type Provider } from '../../src/convert/chart.ts';
import { alphaChartPolicies, chartMakes, chartPolicies } from '../../src/convert/chartObjects.ts';
import { eppNameOf } from '../../src/convert/names.ts';
import { optionFindings } from '../../src/convert/optionFindings.ts';
import { convertPool } from '../../src/convert/pool.ts';
import { RELEASES, type Release } from '../../src/convert/releases.ts';
import { install } from '../lab/control-plane/crds.ts';
import { collectionPath } from '../lab/control-plane/objects.ts';
import { parseManifests, type KubeObject } from '../lab/kube.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { chartDir, moduleDir } from '../lab/parts/modules.ts';
import { istio, type GieVersion } from '../lab/parts/versions.ts';
import { kubectl } from '../lab/scenarios/commands.ts';
import { helm } from './charts.ts';
import { alphaPool } from './samples.ts';

const PROVIDERS: readonly Provider[] = ['gke', 'istio', 'none'];
const POLICIES = ['HealthCheckPolicy', 'GCPBackendPolicy', 'DestinationRule'];
const DRY = 'dryRun=All&fieldValidation=Strict';
const FAR = 'n'.repeat(63);

const samples = [
  alphaPool('ns', 'plain'),
  alphaPool('ns', 'open', {
    targetPortNumber: 65535,
    extensionRef: { name: 'mine', portNumber: 9100, failureMode: 'FailOpen' },
  }),
  alphaPool('ns', 'labels', {
    targetPortNumber: 1,
    selector: {
      'app.kubernetes.io/name': 'vllm',
      'example.com/a_b.c-d': `v${'x.'.repeat(30)}y1`,
      number: '8000',
      float: '1.0',
      bool: 'true',
      nothing: 'null',
      empty: '',
      '8000': '010',
      '010': 'on',
      on: 'off',
      y: 'n',
      null: 'yes',
      '1e3': '1e3',
      True: 'x',
    },
    extensionRef: { name: 'labels-epp', failureMode: 'FailClose' },
  }),
  alphaPool('ns', 'picker', { extensionRef: { group: 'example.com', kind: 'Picker', name: 'p' } }),
  alphaPool('ns', `long-${'name-'.repeat(8)}x`),
  alphaPool(FAR, `long-${'name-'.repeat(8)}y`),
];

describe('the chart of every release, on a server with its CRDs', function () {
  this.timeout(120_000);
  let lab: Lab;
  /** The samples as a server of v0.3.0 keeps them. */
  let pools: KubeObject[];

  before(async () => {
    lab = await startLab({ quiet: true, controllerManager: false, crds: ['gie-v0.3.0'] });
    const fixtures = join(import.meta.dirname, '..', 'fixtures', 'scenarios', 'crds');
    const texts = ['networking.gke.io.yaml', 'monitoring.googleapis.com.yaml'].map((file) =>
      join(fixtures, file),
    );
    texts.push(join(await moduleDir(istio), 'manifests/charts/base/files/crd-all.gen.yaml'));
    const crds = texts
      .flatMap((file) => parseManifests(readFileSync(file, 'utf8')))
      .filter(({ metadata }) => !/istio/.test(metadata.name) || /^destinationrules\./.test(metadata.name));
    await Promise.all(crds.map((crd) => install(lab.admin, crd)));
    for (const name of ['ns', FAR])
      await lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    pools = (
      await Promise.all(samples.map((alpha) => accepted(JSON.stringify(alpha), alpha.metadata.namespace!)))
    ).flat();
  });
  after(() => lab?.down());

  /** Every object as the server would keep it, with its defaults; refused ones throw. */
  const accepted = async (text: string, namespace: string): Promise<KubeObject[]> => {
    const args = ['create', '--dry-run=server', '--validate=strict', '-n', namespace, '-o', 'yaml'];
    return parseManifests(await kubectl(lab, [...args, '-f', '-'], text));
  };

  it("v0.3.0: the policies are those that we take for the chart's own", async () => {
    for (const version of ['v0.3.0', 'v0.4.0', 'v0.5.1'] as const) {
      const sets = [
        'inferencePool.modelServers.matchLabels.app=x',
        'provider.name=gke',
        'inferencePool.targetPortNumber=81',
      ];
      const args = sets.flatMap((set) => ['--set', set]);
      const { stdout } = await helm(['template', 'food', await chartDir(version), '-n', 'ns', ...args]);
      const objects = parseManifests(stdout);
      const pool = objects.find(({ kind }) => kind === 'InferencePool')!;
      // The chart as it is published has its version there; in the module all are 0.0.0.
      pool.metadata['labels']['app.kubernetes.io/version'] = version;
      expect(bare(objects)).to.deep.equal(alphaChartPolicies(pool as never));
    }
  });

  for (const release of RELEASES)
    it(`${release.version}: pool, policies and everything else, for every provider`, async () => {
      await lab.installCrds([`gie-${release.version as GieVersion}`]);
      const cases = await Promise.all(
        pools.flatMap((alpha) =>
          (alpha === pools[0] ? PROVIDERS : PROVIDERS.slice(0, 1)).map((provider) =>
            render(alpha, release, provider),
          ),
        ),
      );
      const sound = cases.filter(({ findings, where, code, stderr }) => {
        const broken = findings.some(({ id }) => id === 'cluster-role-name-too-long');
        if (broken)
          expect(stderr, where).to.match(/YAML parse error on inferencepool\/templates\/rbac\.yaml/);
        else expect(code, `${where}: ${stderr}`).to.equal(0);
        return !broken;
      });
      // kubectl answers in the order in which it is asked, and takes its time to start.
      for (const [namespace, some] of Map.groupBy(sound, ({ pool }) => pool.metadata.namespace!)) {
        const kept = await accepted(some.map(({ stdout }) => stdout).join('\n---\n'), namespace);
        for (const one of some) await compare(one, kept.splice(0, parseManifests(one.stdout).length));
        expect(kept).to.be.empty;
      }
    });

  /** The chart with our values, and what we say of it. */
  async function render(alpha: KubeObject, release: Release, provider: Provider) {
    const name = `${alpha.metadata.name}-${provider}`;
    const eppName = eppNameOf(name);
    const { object, findings } = convertPool(alpha as never, {
      name,
      eppName,
      release,
      byChart: true,
      models: [],
    });
    const pool = object!;
    const unit = { alpha: alpha as never, pool, others: [], existing: null };
    const around = { alphaPools: [], v1Pools: [] };
    const general = optionFindings([unit], around, { release, provider, epp: 'chart' });
    const chart = await chartDir(release.version as GieVersion);
    const [, ...args] = helmInstallArgs(pool, { chart, release, provider });
    const outcome = await helm(['template', ...args]);
    const where = `${release.version} ${name}`;
    return { ...outcome, where, release, provider, pool, findings: [...findings, ...general] };
  }

  async function compare(one: Awaited<ReturnType<typeof render>>, theirs: KubeObject[]): Promise<void> {
    const { where, release, provider, pool, findings } = one;
    const { name, namespace } = pool.metadata;
    const path = `${collectionPath(pool.apiVersion, 'inferencepools', namespace)}?${DRY}`;
    const ours = await lab.admin.request('POST', path, pool);
    const rendered = theirs.find(({ kind }) => kind === 'InferencePool')!;
    expect(rendered.metadata.name).to.equal(name);
    expect(different(rendered['spec'], ours.spec), where).to.deep.equal(lostFields(findings));
    expect(bare(theirs), where).to.deep.equal(chartPolicies(release, provider, pool));
    expect(bare(theirs).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).to.deep.equal(
      chartMakes(release, provider).map((made) => `${made.kind} ${made.name(name)}`),
    );
    const others = theirs.map(({ kind }) => kind).filter((kind) => !POLICIES.includes(kind));
    expect(others, where).to.include.members(['Deployment', 'Service', 'ServiceAccount', 'ConfigMap']);
    expect(others.some((kind) => kind === 'InferenceObjective' || kind === 'HTTPRoute')).to.equal(false);
  }
});

/** The policies among them, without what the server and the chart's package add; in the order in which we list them. */
function bare(objects: KubeObject[]): KubeObject[] {
  return POLICIES.flatMap((kind) => objects.filter((object) => object.kind === kind)).map(
    ({ apiVersion, kind, metadata: { name, namespace }, spec }) => ({
      apiVersion,
      kind,
      metadata: { name, namespace: namespace! },
      spec,
    }),
  );
}

/** Paths of the fields whose values differ. */
function different(a: unknown, b: unknown, path = 'spec'): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b ? [] : [path];
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])]
    .sort()
    .flatMap((key) => different(x[key], y[key], `${path}.${key}`));
}

/** The fields of the v1 pool that the findings say the chart can't set. */
function lostFields(findings: readonly Finding[]): string[] {
  return findings.some(({ id }) => id === 'failure-mode-lost') ? ['spec.endpointPickerRef.failureMode'] : [];
}
