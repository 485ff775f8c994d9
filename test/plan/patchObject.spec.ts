import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { FakeCluster } from '../support/fakes.ts';
import { alphaPool, route, rule, toAlpha, v1Pool } from '../support/objects.ts';
import { failure, run } from './steps.ts';

const reason = 'because';
const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];

describe('writing a route', () => {
  const planned = (cluster: FakeCluster, subject: KubeObject) =>
    patchStep(splitRoute(cluster.live(subject)!, pairs, pairs, 50), reason);
  const someoneElse = (cluster: FakeCluster, subject: KubeObject, times = 1) => {
    let left = times;
    cluster.before = (verb) => {
      if (verb === 'patch' && left-- > 0) cluster.put(subject);
    };
  };

  it('patches it', async () => {
    const cluster = new FakeCluster([route()]);
    const { outcomes, conflicts } = await run(cluster, [planned(cluster, route())]);
    expect(outcomes).to.deep.equal(['done']);
    expect(conflicts).to.be.empty;
    expect(cluster.live(route())!['spec'].rules[0].backendRefs).to.have.length(2);
  });

  it('reports one that someone else changed, leaves their change, and goes on with the others', async () => {
    const [a, b] = [route(undefined, { name: 'a' }), route(undefined, { name: 'b' })];
    const cluster = new FakeCluster([a, b]);
    const steps = [planned(cluster, a), planned(cluster, b)];
    const theirs = { ...a, spec: { ...a['spec'], hostnames: ['new'] } };
    someoneElse(cluster, theirs);
    const { outcomes, conflicts } = await run(cluster, steps);
    expect(outcomes).to.deep.equal(['conflict: changed by someone else meanwhile', 'done']);
    expect(conflicts.map(({ name }) => name)).to.deep.equal(['a']);
    expect(cluster.live(a)!['spec']).to.deep.equal(theirs['spec']);
  });

  it('goes on when only the status or an annotation of a controller moved', async () => {
    const noted = route(undefined, { annotations: { a: 'b' } });
    const cluster = new FakeCluster([noted]);
    const step = planned(cluster, noted);
    someoneElse(
      cluster,
      { ...noted, metadata: { ...noted.metadata, annotations: { a: 'c' } }, status: { parents: [] } },
      3,
    );
    const { outcomes } = await run(cluster, [step]);
    expect(outcomes).to.deep.equal(['done']);
    const { annotations } = cluster.live(noted)!.metadata;
    expect(annotations).to.include({ a: 'c' }).and.to.have.property('kubectl-infpool/original-backend-refs');
  });

  it('takes someone who writes all the time for a conflict in the end', async () => {
    const cluster = new FakeCluster([route()]);
    const step = planned(cluster, route());
    someoneElse(cluster, route(), Infinity);
    expect((await run(cluster, [step])).outcomes[0]).to.match(/^conflict/);
    expect(cluster.calls.length).to.be.within(2, 10);
  });

  it('decided on what an earlier step makes of it, waits for no version', async () => {
    const cluster = new FakeCluster([route()]);
    const first = splitRoute(cluster.live(route())!, pairs, pairs, 'warm');
    const second = patchStep(splitRoute(first.after, pairs, pairs, 50), reason);
    const { outcomes } = await run(cluster, [patchStep(first, reason), { ...second, resourceVersion: '' }]);
    expect(outcomes).to.deep.equal(['done', 'done']);
    const weights = (cluster.live(route())!['spec'].rules[0].backendRefs as { weight: number }[]).map(
      ({ weight }) => weight,
    );
    expect(weights).to.deep.equal([50, 50]);
  });

  // As kube-apiserver does: it applies the operations before it compares versions.
  const pathsFirst = (cluster: FakeCluster) => {
    const patch = cluster.patch.bind(cluster);
    cluster.patch = (...args) =>
      patch(...args).catch((error: Error) => {
        if (error instanceof WriteRefused) throw error;
        throw new WriteRefused(
          422,
          'invalid',
          'the server rejected our request due to an error in our request',
        );
      });
  };

  it('a rule or an annotation that someone else took away meanwhile is a conflict, not an error', async () => {
    const two = route([[toAlpha()], rule([toAlpha()], { matches: [{ path: { value: '/v2' } }] })]);
    const cluster = new FakeCluster([two]);
    pathsFirst(cluster);
    const step = planned(cluster, two);
    someoneElse(cluster, route());
    expect((await run(cluster, [step])).outcomes).to.deep.equal([
      'conflict: changed by someone else meanwhile',
    ]);

    const split = splitRoute(route(), pairs, pairs, 50).after;
    const again = new FakeCluster([split]);
    pathsFirst(again);
    const back = patchStep(rollbackRoute(again.live(split)!, pairs), reason);
    someoneElse(again, route());
    expect((await run(again, [back])).outcomes).to.deep.equal([
      'conflict: changed by someone else meanwhile',
    ]);
  });

  it('what the API server finds invalid in the object that it was planned on stays an error', async () => {
    const cluster = new FakeCluster([route()]);
    const step = planned(cluster, route());
    cluster.before = () => {
      throw new WriteRefused(422, 'invalid', 'spec.rules[0]: Invalid value');
    };
    expect((await failure(run(cluster, [step]))).message).to.contain('Invalid value');
  });

  it('that is gone is an error', async () => {
    const cluster = new FakeCluster([route()]);
    const step = planned(cluster, route());
    cluster.objects.clear();
    const error = await failure(run(cluster, [step]));
    expect(error.message).to.contain('HTTPRoute llm-route');
  });

  it('is told where an admission webhook stores something else than was sent, and which field', async () => {
    const cluster = new FakeCluster([route()]);
    const step = planned(cluster, route());
    const patch = cluster.patch.bind(cluster);
    cluster.patch = async (...args) => {
      const stored = structuredClone(await patch(...args));
      stored['spec'].rules[0].backendRefs[1].weight = 1;
      return stored;
    };
    const { message, exitCode, hint } = await failure(run(cluster, [step]));
    expect(message)
      .to.contain('stored something else than it was sent: spec.rules[0].backendRefs[1].weight is 1, not 50')
      .and.contain('httproutes.gateway.networking.k8s.io/llm-route in namespace llm');
    expect(exitCode).to.equal(3);
    expect(hint).to.contain('kubectl get mutatingwebhookconfigurations');
  });

  it('what a webhook adds, and what the API server fills in, is its own affair', async () => {
    const cluster = new FakeCluster([route()]);
    const step = planned(cluster, route());
    const patch = cluster.patch.bind(cluster);
    cluster.patch = async (...args) => {
      const stored = structuredClone(await patch(...args));
      stored['spec'].hostnames = ['added'];
      stored['spec'].rules[0].timeouts = { request: '10s' };
      return stored;
    };
    const { outcomes } = await run(cluster, [step]);
    expect(outcomes).to.deep.equal(['done']);
  });
});
