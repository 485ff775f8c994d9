import { expect } from 'chai';
import { helmInstallArgs, UPSTREAM_CHART, type ChartOptions } from '../../src/convert/chart.ts';
import { RELEASES, releaseOf } from '../../src/convert/releases.ts';
import { v1Pool } from '../support/objects.ts';

const options: ChartOptions = { chart: UPSTREAM_CHART, release: releaseOf('v1.0.0'), provider: 'gke' };
const args = (pool = v1Pool(), more: Partial<ChartOptions> = {}) =>
  helmInstallArgs(pool, { ...options, ...more });

/** The values after --set and --set-string. */
function values(list: string[]): string[] {
  return list.flatMap((word, index) => (/^--set/.test(word) ? [`${word} ${list[index + 1]}`] : []));
}

describe('the arguments of helm install', () => {
  it('are those of the guide, with every value that is needed', () => {
    expect(args()).to.deep.equal([
      'install',
      'food-ga',
      'oci://registry.k8s.io/gateway-api-inference-extension/charts/inferencepool',
      '--version',
      'v1.0.0',
      '--namespace',
      'llm',
      '--set-string',
      'inferencePool.modelServers.matchLabels.app=vllm',
      '--set',
      'inferencePool.targetPorts[0].number=8000',
      '--set',
      'inferencePool.targetPortNumber=8000',
      '--set',
      'provider.name=gke',
    ]);
  });

  for (const release of RELEASES)
    it(`of ${release.version} ${release.targetPortNumber ? 'set' : 'do not set'} targetPortNumber and ${release.chartFailureMode ? 'set' : 'do not set'} the failure mode`, () => {
      const said = values(args(v1Pool(), { release })).join(' ');
      expect(said.includes('inferencePool.targetPortNumber=8000')).to.equal(release.targetPortNumber);
      expect(said.includes('inferenceExtension.failureMode=FailClose')).to.equal(release.chartFailureMode);
      expect(said).not.to.include('appProtocol').and.not.to.include('modelServerProtocol');
    });

  it('say FailClose where the pool says nothing: the chart would take it for FailOpen', () => {
    const pool = v1Pool('p', { endpointPickerRef: { name: 'p-epp' } });
    expect(values(args(pool, { release: releaseOf('v1.5.0') }))).to.include(
      '--set inferenceExtension.failureMode=FailClose',
    );
  });

  it('name every port of a v1 pool that is there, and the first as that of the health check', () => {
    const pool = v1Pool('p', { targetPorts: [{ number: 8000 }, { number: 8001 }] });
    expect(values(args(pool)).filter((value) => value.includes('Port'))).to.deep.equal([
      '--set inferencePool.targetPorts[0].number=8000',
      '--set inferencePool.targetPorts[1].number=8001',
      '--set inferencePool.targetPortNumber=8000',
    ]);
  });

  it('quote a label key that YAML would take for something else than text', () => {
    const keyOf = (key: string) =>
      values(args(v1Pool('p', { selector: { matchLabels: { [key]: 'x' } } })))[0]!
        .replace('--set-string inferencePool.modelServers.matchLabels.', '')
        .replace(/=x$/, '');
    for (const key of ['app', 'app.kubernetes.io/name', 'Role', 'yes-man', 'x', 'nullable', 'a/1'])
      expect(keyOf(key)).to.equal(key.replaceAll('.', '\\.'));
    for (const key of ['8000', '010', '0x1F', '1e3', 'on', 'NO', 'y', 'True', 'null', '2020-01-01', '1.5'])
      expect(keyOf(key)).to.equal(`"${key.replaceAll('.', '\\.')}"`);
  });

  it('escape what helm would take apart in a label: dots in its key', () => {
    const matchLabels = {
      'app.kubernetes.io/name': 'vllm',
      'a,b=c[0]{d}\\': 'x,y\\z',
      empty: '',
      number: '8',
    };
    expect(values(args(v1Pool('p', { selector: { matchLabels } }))).slice(0, 4)).to.deep.equal([
      '--set-string inferencePool.modelServers.matchLabels.app\\.kubernetes\\.io/name=vllm',
      '--set-string inferencePool.modelServers.matchLabels.a\\,b\\=c\\[0\\]\\{d\\}\\\\=x\\,y\\\\z',
      '--set-string inferencePool.modelServers.matchLabels.empty=',
      '--set-string inferencePool.modelServers.matchLabels.number=8',
    ]);
  });

  it('name no version for a chart on disk, which has its own', () => {
    for (const chart of ['./charts/inferencepool', '/tmp/inferencepool-v1.0.0.tgz'])
      expect(args(v1Pool(), { chart })).not.to.include('--version');
    expect(args(v1Pool(), { chart: 'https://example.com/chart.tgz' })).to.include('--version');
  });

  it('name no namespace for a pool of none', () => {
    const pool = v1Pool();
    delete pool.metadata.namespace;
    expect(args(pool)).not.to.include('--namespace');
  });

  it('name the provider', () => {
    for (const provider of ['gke', 'istio', 'none'] as const)
      expect(args(v1Pool(), { provider }).at(-1)).to.equal(`provider.name=${provider}`);
  });
});
