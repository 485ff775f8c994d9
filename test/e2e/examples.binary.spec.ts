// Upstream's own examples of v0.3.0 and what its chart renders, by the built binary: as files, and from a cluster.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseManifests, type KubeObject } from '../lab/kube.ts';
import { chartDir, moduleDir } from '../lab/parts/modules.ts';
import { gie } from '../lab/parts/versions.ts';
import { installGkeCrds } from '../lab/scenarios/building-blocks.ts';
import { helm, kubectl } from '../lab/scenarios/commands.ts';
import { ALPHA, Bench, V1, type Outcome } from './support.ts';

/** By Gateway, the folders beside which the example's pool and models stand. */
const GATEWAYS = ['gke', 'istio', 'kgateway'];
const PROVIDERS = ['gke', 'istio', 'none'];
const POOL = 'vllm-llama3-8b-instruct';

/** What the example's pool and models have to say for themselves, whatever the Gateway is. */
const EXAMPLE_FINDINGS = [
  'base-model objective-header',
  'food-review standard-was-sheddable',
  'unknown-models-pass',
  `${POOL} port-defaulted`,
].sort();

describe("upstream's examples", function () {
  this.timeout(120_000);
  let bench: Bench;
  let examples: string;

  before(async () => {
    // What the alpha side needs, and what the output is to be accepted by.
    const crds = ['gateway-api', 'gie-v0.3.0', 'gie-v1.0.0'] as const;
    bench = await Bench.start({ crds: [...crds], controllerManager: false });
    await installGkeCrds(bench.lab.admin);
    examples = join(await moduleDir(gie('v0.3.0')), 'config', 'manifests');
  });
  after(() => bench?.end());

  const files = (gateway: string) =>
    ['inferencepool-resources.yaml', 'inferencemodel.yaml', `gateway/${gateway}`].flatMap((path) => [
      '-f',
      join(examples, path),
    ]);

  /** The output, once it is checked: exit 0, taken by the API server, each alpha object with its counterpart. */
  async function converted(
    alpha: KubeObject[],
    args: string[],
  ): Promise<{ objects: KubeObject[]; said: Outcome }> {
    const said = await bench.done(['convert', ...args]);
    await kubectl(bench.lab, ['apply', '--dry-run=server', '--validate=strict', '-f', '-'], said.stdout);
    const objects = parseManifests(said.stdout);
    for (const { kind, apiVersion, metadata, spec } of alpha.filter(
      ({ apiVersion }) => apiVersion === ALPHA,
    )) {
      const { name, namespace } = metadata;
      const [wantedName, version] = kind === 'InferencePool' ? [`${name}-ga`, V1] : [name, ALPHA];
      const counterpart = objects.find(
        (object) =>
          object.apiVersion === version &&
          object.kind === (kind === 'InferencePool' ? kind : 'InferenceObjective') &&
          object.metadata.name === wantedName &&
          object.metadata.namespace === namespace,
      );
      expect(counterpart, `${apiVersion} ${kind} ${namespace ?? ''}/${name}`).not.to.equal(undefined);
      if (kind === 'InferencePool') {
        expect(counterpart!['spec'].selector.matchLabels).to.deep.equal(spec.selector);
        expect(counterpart!['spec'].targetPorts).to.deep.equal([{ number: spec.targetPortNumber }]);
        expect(counterpart!['spec'].endpointPickerRef.name).not.to.equal(spec.extensionRef.name);
      } else
        expect(counterpart!['spec'].poolRef).to.include({
          group: 'inference.networking.k8s.io',
          name: `${spec.poolRef.name}-ga`,
        });
    }
    return { objects, said };
  }

  describe('as files', () => {
    for (const gateway of GATEWAYS)
      it(`for ${gateway}: pool and models, and what points at the pool, is told`, async () => {
        const alpha = ['inferencepool-resources.yaml', 'inferencemodel.yaml'].flatMap((file) =>
          parseManifests(readFileSync(join(examples, file), 'utf8')),
        );
        const { objects, said } = await converted(alpha, files(gateway));
        expect(objects.filter(({ apiVersion }) => apiVersion === V1)).to.have.length(1);
        expect(objects.filter(({ kind }) => kind === 'InferenceObjective')).to.have.length(3);
        expect(findings(said)).to.include.members(EXAMPLE_FINDINGS);
        expect(findings(said)).to.include('llm-route route-in-file');
        // Told with the one of base-model.
        expect(said.stderr).to.match(/the same, .*base-model-cpu/);
        expect(said.stderr).not.to.match(/^error: /m);
        // The policy of the example that names this pool; its HealthCheckPolicy is for another.
        expect(objects.filter(({ kind }) => kind.endsWith('Policy')).map(({ kind }) => kind)).to.deep.equal(
          gateway === 'gke' ? ['GCPBackendPolicy'] : [],
        );
      });

    for (const provider of PROVIDERS)
      it(`what the chart of v0.3.0 renders for ${provider}`, async () => {
        const values = ['inferencePool.modelServers.matchLabels.app=vllm', `provider.name=${provider}`];
        const sets = values.flatMap((value) => ['--set', value]);
        const text = await helm(bench.lab, [
          'template',
          'food',
          await chartDir('v0.3.0'),
          '-n',
          'llm',
          ...sets,
        ]);
        const folder = join(bench.cwd, `rendered-${provider}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'all.yaml'), text);
        await namespace('llm');
        const { objects, said } = await converted(parseManifests(text), ['-f', folder]);
        expect(objects[0]!.metadata['labels'] ?? {}).to.deep.equal({});
        expect(findings(said)).to.include('food port-defaulted');
        expect(said.stderr).not.to.match(/^error: /m);
      });
  });

  describe('from a cluster', () => {
    it('applied as they are, and by the chart for each provider: -A gives all of them', async () => {
      await kubectl(bench.lab, ['apply', ...files('gke')]);
      const chart = await chartDir('v0.3.0');
      for (const provider of PROVIDERS) {
        await namespace(provider);
        const values = ['inferencePool.modelServers.matchLabels.app=vllm', `provider.name=${provider}`];
        const sets = values.flatMap((value) => ['--set', value]);
        await helm(bench.lab, ['install', `vllm-${provider}`, chart, '-n', provider, ...sets]);
      }
      const kinds = ['inferencepools', 'inferencemodels'];
      const alpha = (await Promise.all(kinds.map((plural) => bench.lab.admin.list(ALPHA, plural)))).flat();
      expect(alpha).to.have.length(7);

      const { objects, said } = await converted(alpha, ['-A', '--provider', 'gke', '--release', 'v1.0.1']);
      expect(objects).to.have.length(7);
      expect(findings(said)).to.include.members([...EXAMPLE_FINDINGS, 'monitoring-off']);
      expect(said.stderr).not.to.match(/^error: /m);
    });
  });

  const namespace = (name: string) =>
    bench.lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
});

/** `NAME id` of every finding, or its id where it is about no object. */
function findings({ stderr }: Outcome): string[] {
  return stderr.split('\n').flatMap((line) => {
    const [, text, id] = /^(?:error|warning|info): (.*) \[([\w-]+)\]$/.exec(line) ?? [];
    if (id === undefined) return [];
    const name = /^[\w.-]+\/([\w.-]+?)(?: in namespace [\w-]+)?[,:] /.exec(text!)?.[1];
    return [name === undefined ? id : `${name} ${id}`];
  });
}
