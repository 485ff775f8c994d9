import { expect } from 'chai';
import { alphaChartPolicies, chartMakes, chartPolicies } from '../../src/convert/chartObjects.ts';
import { RELEASES, releaseOf } from '../../src/convert/releases.ts';
import { alphaPool, v1Pool } from '../support/objects.ts';

const PROVIDERS = ['gke', 'istio', 'none'] as const;
const long = v1Pool(`${'x'.repeat(45)}-ga`, { targetPorts: [{ number: 8080 }, { number: 8081 }] });
const logging = (labels: Record<string, string>) =>
  alphaChartPolicies(alphaPool('food', {}, { labels }))[1]!['spec'].default.logging;

describe('what the chart makes by itself', () => {
  it('has the names that are said of it, in every release for every provider', () => {
    for (const release of RELEASES)
      for (const provider of PROVIDERS)
        expect(
          chartPolicies(release, provider, long).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
        ).to.deep.equal(
          chartMakes(release, provider).map((made) => `${made.kind} ${made.name(long.metadata.name)}`),
        );
  });

  it('is policies on GKE, which probe the first port and point at the v1 pool', () => {
    const [health, backend] = chartPolicies(releaseOf('v1.0.1'), 'gke', long);
    const targetRef = {
      group: 'inference.networking.k8s.io',
      kind: 'InferencePool',
      name: long.metadata.name,
    };
    expect(health!['spec']).to.deep.equal({
      targetRef,
      default: {
        timeoutSec: 2,
        checkIntervalSec: 2,
        config: { type: 'HTTP', httpHealthCheck: { requestPath: '/health', port: 8080 } },
      },
    });
    expect(backend!['spec']).to.deep.equal({
      targetRef,
      default: { timeoutSec: 300, logging: { enabled: true } },
    });
    expect(chartPolicies(releaseOf('v1.0.0'), 'gke', long)[0]!['spec'].default).to.have.all.keys('config');
  });

  it("is a DestinationRule on Istio from v1.0.1 on, for the picker's Service by its full name", () => {
    expect(chartPolicies(releaseOf('v1.0.0'), 'istio', long)).to.be.empty;
    const [rule] = chartPolicies(releaseOf('v1.0.1'), 'istio', long);
    expect(rule!['spec'].host).to.equal(`${'x'.repeat(40)}-epp.llm.svc.cluster.local`);
  });

  it('is nothing for no provider', () => {
    for (const release of RELEASES) expect(chartPolicies(release, 'none', long)).to.be.empty;
  });
});

describe("what the alpha pool's chart made by itself", () => {
  it('logs from v0.4.0 on, and is taken for v0.3.0 where its version is not known', () => {
    expect(logging({})).to.equal(undefined);
    expect(logging({ 'app.kubernetes.io/version': 'v0.3.0' })).to.equal(undefined);
    expect(logging({ 'app.kubernetes.io/version': 'v0.5.1' })).to.deep.equal({ enabled: true });
  });

  it("points at the alpha pool, under the pool's own name", () => {
    for (const { metadata, spec } of alphaChartPolicies(alphaPool('food'))) {
      expect(metadata).to.deep.equal({ name: 'food', namespace: 'llm' });
      expect(spec.targetRef).to.deep.equal({
        group: 'inference.networking.x-k8s.io',
        kind: 'InferencePool',
        name: 'food',
      });
    }
  });
});
