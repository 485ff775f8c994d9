// What we emit for any world, judged by a real API server with the real CRDs: a dry run with strict field validation.
// GKE's CRDs are open stand-ins; its policies are checked for no more than being objects.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import { groupOf, HTTP_ROUTE, resourceOf, V1_GROUP } from '../../src/api/resource.ts';
import { asManifest } from '../../src/convert/companions/companion.ts';
import { objectsOf as convertedObjects } from '../../src/convert/convert.ts';
import { objectsOf } from '../../src/inventory/build.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { install } from '../lab/control-plane/crds.ts';
import { KubeError, parseManifests } from '../lab/kube.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { moduleDir } from '../lab/parts/modules.ts';
import { istio } from '../lab/parts/versions.ts';
import { installGkeCrds } from '../lab/scenarios/building-blocks.ts';
import { worlds } from './generate.ts';
import { applied, converted, pairsOf, type Choice } from './migrate.ts';

const WORLDS = 60;
const PER_KIND = 25;
const SEED = 20;

/** The same worlds each time, so that a failure can be looked at. */
const sample = fc.sample(worlds, { numRuns: WORLDS, seed: SEED }).map(({ objects }) => objects);

function emitted(objects: readonly KubeObject[], choice: Choice): KubeObject[] {
  const first = converted(objects, choice);
  const then = converted(applied(objects, first), choice);
  const pairs = pairsOf(then.inventory);
  const routes = objectsOf(then.inventory, HTTP_ROUTE).flatMap((route) =>
    [10, 50, 100].flatMap((percent) => {
      const change = splitRoute(route, pairs, pairs, percent);
      return change.changed ? [asManifest(change.after)] : [];
    }),
  );
  return [...convertedObjects(first.conversion), ...routes];
}

/** Some of each kind, from many worlds. */
function some(lists: readonly (readonly KubeObject[])[]): KubeObject[] {
  const byKind = Map.groupBy(lists.flat(), ({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  return [...byKind.values()].flatMap((all) => {
    const step = Math.max(1, Math.floor(all.length / PER_KIND));
    return all.filter((_, index) => index % step === 0).slice(0, PER_KIND);
  });
}

describe('what is emitted for any world, on a real API server', function () {
  this.timeout(60_000);
  let lab: Lab;

  before(async function () {
    this.timeout(600_000); // the first time, the lab's parts are built
    lab = await startLab({ crds: ['gateway-api', 'gie-v0.3.0'], controllerManager: false, quiet: true });
    const folder = await moduleDir(istio);
    const text = readFileSync(join(folder, 'manifests/charts/base/files/crd-all.gen.yaml'), 'utf8');
    const rules = parseManifests(text).find(({ metadata }) => metadata.name.startsWith('destinationrules.'))!;
    await Promise.all([installGkeCrds(lab.admin), install(lab.admin, rules)]);
    for (const name of ['llm', 'web', 'a'])
      await lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  });
  after(() => lab?.down());

  /** What the server has against these objects. */
  async function refused(objects: readonly KubeObject[]): Promise<string[]> {
    const problems: string[] = [];
    const left = [...objects];
    const worker = async () => {
      for (let one = left.pop(); one; one = left.pop()) {
        const { plural } = resourceOf(refOf(one).group, one.kind)!;
        const path = `/apis/${one.apiVersion}/namespaces/${one.metadata.namespace}/${plural}/${one.metadata.name}`;
        const query = '?dryRun=All&fieldValidation=Strict&force=true&fieldManager=test';
        try {
          await lab.admin.request('PATCH', path + query, one, {
            'content-type': 'application/apply-patch+yaml',
          });
        } catch (error) {
          if (!(error instanceof KubeError)) throw error;
          problems.push(`${error.message}\n${JSON.stringify(one)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    return problems;
  }

  it('can do without us: the worlds are valid themselves', async () => {
    // The kinds of v1 come with later CRDs.
    const isV1 = ({ apiVersion, kind }: KubeObject) =>
      groupOf(apiVersion) === V1_GROUP || kind === 'InferenceObjective';
    const known = sample.map((objects) => objects.filter((one) => !isV1(one)).map(asManifest));
    expect(await refused(some(known))).to.deep.equal([]);
  });

  for (const release of ['v1.0.0', 'v1.3.1'] as const)
    it(`passes the validation of ${release}`, async () => {
      await lab.installCrds([`gie-${release}`]);
      const choices: Choice[] = [
        { provider: 'gke', epp: 'chart', release },
        { provider: 'istio', epp: 'none', release },
      ];
      const objects = some(sample.map((world, index) => emitted(world, choices[index % 2]!)));
      const kinds = new Set(objects.map(({ kind }) => kind));
      expect([...kinds]).to.include.members([
        'InferencePool',
        'InferenceObjective',
        'ReferenceGrant',
        'HealthCheckPolicy',
        'GCPBackendPolicy',
        'GCPTrafficDistributionPolicy',
        'DestinationRule',
        'HTTPRoute',
        ...(release === 'v1.3.1' ? ['InferenceModelRewrite'] : []),
      ]);
      expect(objects.length).to.be.at.least(150);
      expect(await refused(objects)).to.deep.equal([]);
    });

  it('would be told: a field that the schema does not know is refused', async () => {
    const [pool] = emitted(
      sample.find((objects) => objects.length > 5)!,
      { provider: 'none', epp: 'none', release: 'v1.3.1' },
    );
    const odd = { ...pool!, spec: { ...pool!['spec'], targetPortNumber: 8000 } };
    expect(await refused([odd])).to.have.length(1);
  });
});
