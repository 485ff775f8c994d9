// Everything that can point at an alpha pool, in one cluster, migrated under load by following what the binary says;
// then nothing points at it any more, what must stay has stayed, and the way back leads where it began.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import type { Load } from '../lab/load/load.ts';
import { timeline } from '../lab/load/print.ts';
import { chartDir, crdFiles } from '../lab/parts/modules.ts';
import { complete } from '../lab/scenarios/building-blocks.ts';
import { run } from '../lab/scenarios/commands.ts';
import { references, referencesFixture } from '../lab/scenarios/references.ts';
import { comparable, differences, everything } from './everything.ts';
import { expectZero, underLoad } from './live.ts';
import { Recorder } from './recorder.ts';
import {
  ALPHA_GROUP,
  asV1,
  followAdvice,
  keyOf,
  REPORTED,
  sortedEntries,
  TRAFFIC,
  V1_GROUP,
  weightless,
} from './references.ts';
import { pointersToAlpha } from './search.ts';
import { Bench, GATEWAY_API, V1, wanted, type Outcome } from './support.ts';

const GKE = 'networking.gke.io/v1';

describe('every kind of reference at once', function () {
  this.timeout(120_000);
  let bench: Bench;
  let url: string;
  let load: Load;
  let seen: Recorder;
  let args: string[];
  let routes: Record<string, KubeObject>;
  let stayed: KubeObject[];
  let beforeCleanup: KubeObject[];
  let moved: Outcome;

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    bench = await Bench.start({}, { dataPlane: 'envoy', backoffMs: 500 });
    ({ url } = await references(bench.lab));
    const crds = dirname((await crdFiles('gie', 'v1.3.1'))[0]!);
    const parts = ['--release', 'v1.3.1', '--chart', await chartDir('v1.3.1'), '--crds-from', crds];
    const how = ['--steps', '10,50,100', '--interval', '3s', '--cleanup', '--crds', '--helm-uninstall'];
    args = ['migrate', '-A', '--yes', ...how, ...parts];
    routes = { llm: await route('edge', 'llm'), assistant: await route('web', 'assistant') };
    stayed = await staying();
    seen = new Recorder(bench.lab.admin);
    await seen.start();
    load = await underLoad(url, TRAFFIC);
  });
  after(async () => {
    seen?.stop();
    await load?.stop();
    await bench?.end();
  });

  const route = (namespace: string, name: string) => bench.route(namespace, name);
  const refs = async (namespace: string, name: string) => (await route(namespace, name))['spec'].rules;
  const get = (apiVersion: string, kind: string, name: string, namespace = 'models') =>
    bench.get({ apiVersion, kind, name, namespace });

  /** What must stay, but for what the server counts. */
  async function staying(): Promise<KubeObject[]> {
    const objects = await Promise.all(
      referencesFixture('stays').map(({ apiVersion, kind, metadata: { name, namespace } }) =>
        bench.get({ apiVersion, kind, name, namespace: namespace! }),
      ),
    );
    return objects.map(({ metadata, ...rest }) => {
      const { resourceVersion: _, managedFields: __, ...kept } = metadata;
      return { ...rest, metadata: kept } as KubeObject;
    });
  }

  it('detect names each of them, with advice where it is not ours to change', async () => {
    const { pools, findings } = JSON.parse((await bench.done(['detect', '-o', 'json'])).stdout) as Json;
    const found = (pools as Json[]).flatMap(({ references }) => references as Json[]);
    const relations = Map.groupBy(found, ({ relation }) => relation as string);
    expect([...relations.keys()].sort()).to.deep.equal(
      [
        ...['autoscaling', 'backendRef', 'destinationRule', 'grant', 'grpcBackendRef', 'mirror'],
        ...['monitoring', 'otherBackendRef', 'policyTarget', 'rbac', 'securityPolicy'],
      ].sort(),
    );
    for (const key of REPORTED) {
      const own = (findings as Json[]).filter(({ ref }) => ref && keyOf(ref) === key);
      expect(own, key).not.to.have.length(0);
      for (const { hint } of own) expect(hint, key).to.match(/kubectl /);
    }
    // From its own namespace a pool has the same routes, though they lie in others.
    const routed = (list: Json[]) =>
      list.map(({ references }) => (references as Json[]).filter(({ from }) => /Route$/.test(from.kind)));
    const near = JSON.parse((await bench.done(['detect', '-n', 'models', '-o', 'json'])).stdout) as Json;
    expect(routed(near.pools as Json[])).to.have.deep.ordered.members(routed(pools as Json[]));
    expect((await pointersToAlpha(bench.lab.admin)).length).to.be.above(40);
  });

  it('migrate moves all traffic, then refuses to delete what routes of other kinds still name', async () => {
    moved = await bench.infpool(args);
    load.mark('all on v1');
    expect(moved.code, moved.stderr).to.equal(3);
    const refused = moved.stderr.split('\n').filter((line) => line.includes('[still-referenced]'));
    expect(refused).to.have.length(2);
    expect(refused.join()).to.include('grpcroutes').and.include('aigatewayroutes');
    expect(moved.stderr).to.match(/Nothing was deleted; all traffic goes to v1 and stays there\./);
    expect(await bench.lab.admin.list(`${ALPHA_GROUP}/v1alpha2`, 'inferencepools')).to.have.length(2);
    expect(JSON.stringify([await refs('edge', 'llm'), await refs('web', 'assistant')])).not.to.include(
      ALPHA_GROUP,
    );
  });

  it('its commands do what they say, and then nothing is left to say of those objects', async () => {
    const commands = new Set(moved.stderr.match(/kubectl patch .*/g));
    expect(commands).to.have.property('size', 6);
    for (const command of commands) await run(bench.lab, 'sh', ['-c', command]);
    await followAdvice(bench.lab);
    const { findings } = JSON.parse((await bench.done(['detect', '-o', 'json'])).stdout) as Json;
    const left = (findings as Json[]).filter(({ ref }) => ref && REPORTED.includes(keyOf(ref)));
    expect(left.map(({ ref, message }) => `${keyOf(ref)}: ${message}`)).to.deep.equal([]);
  });

  it('migrate again goes on with the cleanup, and not one request was lost', async () => {
    beforeCleanup = await everything(bench.lab.admin);
    const { code, stderr } = await bench.infpool(args);
    expect(code, stderr).to.equal(0);
    const report = await load.stop();
    console.log(timeline(report).replace(/^/gm, '      '));
    expectZero(report);
    expect(Object.keys(report.byPool)).to.include.members([
      ...['models/chat-preview', 'models/code-pool'].map((pool) => `${ALPHA_GROUP}/${pool}`),
      ...['models/chat-ga', 'models/code-pool-ga'].map((pool) => `${V1_GROUP}/${pool}`),
      '/edge/classic',
    ]);
  });

  it('every rule names the v1 pool where it named the alpha one, mirrors too, and nothing else changed', async () => {
    for (const [name, namespace] of [
      ['llm', 'edge'],
      ['assistant', 'web'],
    ] as const)
      expect(weightless(await refs(namespace, name))).to.deep.equal(
        asV1(weightless(routes[name]!['spec'].rules)),
      );
  });

  it('grants had their v1 entries before any route named a v1 pool, and have no alpha entry now', async () => {
    const named = seen.first('httproutes', (object) => JSON.stringify(object['spec']).includes(V1_GROUP));
    for (const name of ['from-web', 'from-edge']) {
      const granted = seen.first('referencegrants', ({ metadata, spec }) => {
        const groups = (spec.to as Json[]).map(({ group }) => group as string);
        return metadata.name === name && groups.includes(V1_GROUP) && groups.includes(ALPHA_GROUP);
      });
      expect(granted, name).to.be.below(named);
      const { spec } = await get('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', name);
      expect(spec.to.map(({ group }: Json) => group)).not.to.include(ALPHA_GROUP);
    }
    const { spec } = await get('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'from-edge');
    expect(spec.to.map(({ kind, name }: Json) => `${kind}/${name}`)).to.have.members([
      'Service/chat-direct',
      'InferencePool/chat-ga',
      'InferencePool/code-pool-ga',
    ]);
  });

  it('policies were attached to the v1 pools before the first percent', () => {
    const first = seen.first('httproutes', ({ spec }) =>
      (spec.rules as Json[]).some(({ backendRefs }) =>
        (backendRefs as Json[]).some(({ group, weight }) => group === V1_GROUP && weight > 0),
      ),
    );
    for (const plural of ['healthcheckpolicies', 'gcpbackendpolicies', 'gcptrafficdistributionpolicies'])
      for (const pool of plural.startsWith('gcpt') ? ['chat-ga'] : ['chat-ga', 'code-pool-ga']) {
        const attached = seen.first(plural, ({ spec, status }) => {
          const targets = [spec.targetRef, ...(spec.targetRefs ?? [])] as Json[];
          const conditions = (status?.conditions ?? []) as Json[];
          return (
            targets.some((target) => target?.group === V1_GROUP && target.name === pool) &&
            conditions.some(({ type, status: is }) => type === 'Attached' && is === 'True')
          );
        });
        expect(attached, `${plural} of ${pool}`).to.be.below(first);
      }
  });

  it("what the user changed in the chart's policy was carried over, and so was what they made by hand", async () => {
    const policy = async (kind: string, name: string) => (await get(GKE, kind, name))['spec'].default;
    expect(await policy('GCPBackendPolicy', 'chat-ga')).to.include({ timeoutSec: 999 });
    expect(await policy('HealthCheckPolicy', 'code-pool-ga')).to.include({ checkIntervalSec: 7 });
    expect(await policy('GCPBackendPolicy', 'code-pool-ga')).to.deep.include({
      timeoutSec: 1234,
      logging: { enabled: true, sampleRate: 500000 },
    });
    const { spec } = await get(GKE, 'GCPTrafficDistributionPolicy', 'spread');
    expect(spec.targetRefs.map(({ name }: Json) => name)).to.have.members(['chat-direct', 'chat-ga']);
    const rules = await bench.lab.admin.list('networking.istio.io/v1', 'destinationrules');
    expect(
      rules.map(({ spec: { host, trafficPolicy } }) => [host, trafficPolicy.connectionPool]),
    ).to.have.deep.members([
      ['code-pool-ga-epp', undefined],
      ['code-pool-ga-epp.models.svc.cluster.local', { http: { http2MaxRequests: 4321 } }],
    ]);
  });

  it('nothing in the cluster points at the alpha group any more', async () => {
    expect(await pointersToAlpha(bench.lab.admin)).to.deep.equal([]);
  });

  it('what only looks like it is there, byte for byte', async () => {
    expect(differences(await staying(), stayed)).to.deep.equal([]);
    expect(JSON.stringify(await staying())).to.include(ALPHA_GROUP);
    expect(await get(V1, 'InferencePool', 'search', 'web')).to.be.an('object');
  });

  describe('and back', () => {
    let backup: string;
    /** Made since by somebody, under the name of what was deleted. */
    const conflicting = {
      apiVersion: GKE,
      kind: 'HealthCheckPolicy',
      metadata: { namespace: 'models', name: 'code-health' },
      spec: {
        targetRef: { group: V1_GROUP, kind: 'InferencePool', name: 'somebodys' },
        default: { config: { type: 'TCP' } },
      },
    };
    const restore = () => bench.done(['restore', '-f', backup, '--yes', '--timeout', '30s']);

    before(async () => {
      const [file] = readdirSync(bench.cwd).filter((name) => name.startsWith('infpool-backup'));
      backup = join(bench.cwd, file!);
      expect(readFileSync(backup, 'utf8')).not.to.include('kind: Secret');
      load = await underLoad(url, TRAFFIC);
    });

    it('restore brings back all that went, and what is there with other contents is named and kept', async () => {
      await bench.lab.admin.apply(conflicting);
      const { stderr } = await restore();
      expect(stderr).to.match(/healthcheckpolicies\.networking\.gke\.io\/code-health .*\[restore-differs\]/);
      const { spec } = await get(GKE, 'HealthCheckPolicy', 'code-health');
      expect(spec).to.deep.equal(conflicting.spec);
      await bench.lab.admin.delete({ ...conflicting, name: 'code-health', namespace: 'models' });
      await restore();
      const helms = ({ kind }: KubeObject) => kind === 'Secret'; // the release itself is not restored
      const was = comparable(sortedEntries(beforeCleanup.filter((object) => !helms(object))));
      const is = comparable(
        sortedEntries((await everything(bench.lab.admin)).filter((object) => !helms(object))),
      );
      expect(differences(is, was)).to.deep.equal([]);
    });

    it('restore again is a no-op', async () => {
      // Controllers touch their own at any time: a node's heartbeat, a lease, the endpoints of a pod that comes up.
      const theirs = new Set(['Endpoints', 'EndpointSlice', 'Event', 'Lease', 'Node', 'Pod', 'ReplicaSet']);
      const versions = async () =>
        Object.fromEntries(
          (await everything(bench.lab.admin))
            .filter(({ kind }) => !theirs.has(kind))
            .map(({ kind, metadata }) => [
              `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
              metadata['generation'] ?? metadata['uid'],
            ]),
        );
      const before = await versions();
      const { stderr } = await restore();
      expect(stderr).not.to.match(/√/);
      expect(await versions()).to.deep.equal(before);
    });

    it('rollback gives the routes back exactly, mirrors too, and not one request is lost on the way', async () => {
      await bench.done(['rollback', '-A', '--yes']);
      expect(wanted(await route('edge', 'llm'))).to.deep.equal(wanted(routes['llm']!));
      expect(wanted(await route('web', 'assistant'))).to.deep.equal(wanted(routes['assistant']!));
      load.mark('back');
      await new Promise((resolve) => setTimeout(resolve, 2000)); // how long it is watched
      expectZero(await load.stop());
      expect((await complete(url, 'food-review')).pool).to.equal(`${ALPHA_GROUP}/models/chat-preview`);
      expect(routes['llm']!.apiVersion).to.equal(GATEWAY_API);
    });
  });
});
