// Every entry of the table of releases, held against what the release's own chart renders and its own CRDs say.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { RELEASES, type Release } from '../../src/convert/releases.ts';
import type { KubeObject } from '../lab/kube.ts';
import { crdFiles } from '../lab/parts/modules.ts';
import { gieVersions, type GieVersion } from '../lab/parts/versions.ts';
import { ofKind, rendered, renderedOrNot } from './charts.ts';

const epp = (objects: KubeObject[]) => ofKind(objects, 'Deployment')[0]!['spec'].template.spec.containers[0];
const argsOf = (objects: KubeObject[]): string[] => epp(objects).args;
const poolOf = (objects: KubeObject[]) => ofKind(objects, 'InferencePool')[0]!['spec'];
const healthPort = (objects: KubeObject[]) =>
  ofKind(objects, 'HealthCheckPolicy')[0]!['spec'].default.config.httpHealthCheck.port;

describe('the table of releases', function () {
  this.timeout(60_000);

  it('has each release that the lab has of v1, and the other way round', () => {
    expect(RELEASES.map(({ version }) => version)).to.deep.equal(
      gieVersions.filter((version) => version.startsWith('v1.')),
    );
  });

  for (const release of RELEASES) {
    const version = release.version as GieVersion;
    const render = (...values: string[]) => rendered(version, ...values);

    it(`${version}: its CRDs`, async () => {
      const crds = (await crdFiles('gie', version)).map(
        (file) => load(readFileSync(file, 'utf8')) as KubeObject,
      );
      expect(crds.map(({ metadata }) => metadata.name).sort()).to.deep.equal([...release.crds].sort());
      const pool = crds.find(({ metadata }) => metadata.name.endsWith('pools.inference.networking.k8s.io'))!;
      const spec = pool['spec'].versions[0].schema.openAPIV3Schema.properties.spec.properties;
      const { minProperties, maxProperties } = spec.selector.properties.matchLabels;
      expect([minProperties, maxProperties]).to.deep.equal(
        release.countsLabels ? [1, 64] : [undefined, undefined],
      );
      for (const { metadata } of crds)
        expect(metadata['annotations']).to.include({ 'inference.networking.k8s.io/bundle-version': version });
    });

    it(`${version}: its pool and the policies of its providers`, async () => {
      const [none, gke, istio] = await Promise.all(
        ['none', 'gke', 'istio'].map((provider) =>
          render(
            `provider.name=${provider}`,
            'inferencePool.targetPortNumber=1111',
            'inferencePool.targetPorts[0].number=2222',
          ),
        ),
      );
      expect(poolOf(none!).endpointPickerRef.failureMode).to.equal(
        release.chartFailureMode ? 'FailOpen' : undefined,
      );
      expect('appProtocol' in poolOf(none!)).to.equal(release.appProtocol);
      expect(poolOf(none!).targetPorts).to.deep.equal([{ number: 2222 }]);
      expect(healthPort(gke!)).to.equal(release.targetPortNumber ? 1111 : 2222);
      const pace = ofKind(gke!, 'HealthCheckPolicy')[0]!['spec'].default;
      expect([pace.timeoutSec, pace.checkIntervalSec]).to.deep.equal(
        release.chartProbesFaster ? [2, 2] : [undefined, undefined],
      );
      expect(ofKind(istio!, 'DestinationRule')).to.have.length(release.istio ? 1 : 0);
      expect(ofKind(none!, 'HTTPRoute')).to.be.empty;
      expect(ofKind(await render('experimentalHttpRoute.enabled=true'), 'HTTPRoute')).to.have.length(
        release.httpRouteValue ? 1 : 0,
      );
      const refused = await render('inferenceExtension.failureMode=FailClose');
      expect(poolOf(refused).endpointPickerRef.failureMode).to.equal(
        release.chartFailureMode ? 'FailClose' : undefined,
      );
    });

    it(`${version}: its endpoint picker`, async () => {
      const plain = await render();
      const [first, second, third] = release.imageValues;
      const image = release.imageValues.map((value) => `inferenceExtension.image.${value}=${value}`);
      expect(epp(await render(...image)).image).to.equal(`${first}/${second}:${third}`);

      const flag =
        release.flags === 'list'
          ? ['inferenceExtension.flags[0].name=xyz', 'inferenceExtension.flags[0].value=9']
          : ['inferenceExtension.flags.xyz=9'];
      expect(argsOf(await render(...flag)).join(' ')).to.include('--xyz 9');

      const pair = await render('inferenceExtension.replicas=2');
      expect(argsOf(pair).includes('--ha-enable-leader-election')).to.equal(release.electsLeader);
      expect(epp(plain).resources?.requests).to.deep.equal(
        release.heavyRequests ? { cpu: '4', memory: '8Gi' } : undefined,
      );
      expect(tracing(plain)).to.equal(release.tracesAlways);
      expect(readers(plain)).to.equal(release.metricsReaders);
      const rules = JSON.stringify(ofKind(plain, 'Role'));
      expect(rules.includes('inferencemodelrewrites')).to.equal(release.rewrites);
    });

    it(`${version}: the model servers that it knows`, async () => {
      expect(release.modelServerTypes[0]).to.equal('vllm');
      const plain = await render();
      for (const type of ['vllm', 'triton-tensorrt-llm', 'sglang', 'trtllm-serve']) {
        const same =
          argsOf(await render(`inferencePool.modelServerType=${type}`)).join() === argsOf(plain).join();
        expect(same, type).to.equal(type === 'vllm' || !release.modelServerTypes.includes(type));
      }
    });

    it(`${version}: its monitoring and its ClusterRole`, async () => {
      const kinds = async (...values: string[]) =>
        (await render('provider.name=gke', ...values))
          .map(({ kind }) => kind)
          .filter((kind) => kind.endsWith('Monitoring'));
      expect(await kinds()).to.deep.equal(release.monitoringValue ? [] : ['ClusterPodMonitoring']);
      if (release.monitoringValue)
        expect(await kinds(`${release.monitoringValue}=true`)).to.deep.equal(['PodMonitoring']);
      const names = ofKind(await render(), 'ClusterRole').map(({ metadata }) => metadata.name);
      const expected: Record<Release['clusterRole'], string[]> = {
        release: ['rel-epp'],
        'release-and-namespace': ['rel-ns-epp'],
        none: [],
      };
      expect(names).to.deep.equal(expected[release.clusterRole]);
    });
  }

  it("v1.5.0's own objectives can not be used: the template does not render", async () => {
    const value = 'inferenceObjectives[0].name=high';
    expect((await renderedOrNot('v1.5.0', value)).stderr).to.match(
      /inferenceobjectives\.yaml.*nil pointer|nil pointer.*inferenceobjectives\.yaml/s,
    );
    const objectives = ofKind(await rendered('v1.4.0', value), 'InferenceObjective');
    expect(objectives).to.be.empty;
  });
});

// Go's flag package, which the endpoint picker of v1.1.0 uses, takes `--tracing false` for `--tracing` and ends there.
function tracing(objects: KubeObject[]): boolean {
  const args = argsOf(objects);
  return args[args.indexOf('--tracing') + 1] === 'false';
}

function readers(objects: KubeObject[]): Release['metricsReaders'] {
  const args = argsOf(objects);
  const seen = tracing(objects) ? args.slice(0, args.indexOf('--tracing') + 1) : args;
  if (seen.includes('--metrics-endpoint-auth=false')) return 'all';
  return JSON.stringify(ofKind(objects, 'ClusterRole')).includes('tokenreviews') ? 'with-token' : 'nobody';
}
