import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { optionFindings } from '../../src/convert/optionFindings.ts';
import { RELEASES, releaseOf } from '../../src/convert/releases.ts';
import { alphaPool, v1Pool } from '../support/objects.ts';

interface Case {
  version?: string;
  provider?: 'gke' | 'istio' | 'none';
  epp?: 'chart' | 'none';
  alpha?: KubeObject;
  pool?: KubeObject;
  alphaPools?: KubeObject[];
  v1Pools?: KubeObject[];
}

function found({ version = 'v1.0.1', provider = 'gke', epp = 'chart', ...more }: Case = {}) {
  const { alpha = alphaPool(), pool = v1Pool(), alphaPools = [], v1Pools = [] } = more;
  return optionFindings(
    [{ alpha, pool, others: [], existing: null }],
    { alphaPools: [alpha, ...alphaPools], v1Pools },
    { release: releaseOf(version), provider, epp },
  );
}
const said = (options?: Case) => found(options).map(({ severity, id }) => `${severity} ${id}`);
const ofChart = alphaPool('food', {}, { labels: { 'app.kubernetes.io/name': 'food-epp' } });
const labelled = (matchLabels: object) => v1Pool('food-ga', { selector: { matchLabels } });

describe('what a release can not', () => {
  it('is told for every release: nothing but what that release is known for', () => {
    const all = Object.fromEntries(RELEASES.map(({ version }) => [version, said({ version })]));
    expect(all).to.deep.equal({
      'v1.0.0': [],
      'v1.0.1': [],
      'v1.0.2': [],
      'v1.1.0': ['info traces-always'],
      'v1.2.0': [],
      'v1.2.1': [],
      'v1.3.0': ['info metrics-unreadable'],
      'v1.3.1': ['info metrics-unreadable'],
      'v1.4.0': ['warning heavy-requests', 'info metrics-unreadable'],
      'v1.5.0': ['warning heavy-requests', 'info metrics-unreadable'],
    });
  });

  it('is nothing where somebody else brings the picker', () => {
    for (const { version } of RELEASES)
      expect(said({ version, epp: 'none', provider: 'istio', alpha: ofChart })).to.deep.equal([
        'warning epp-by-user',
      ]);
  });

  it("is the alpha chart's monitoring on GKE, under the name that it has now", () => {
    const hints = Object.fromEntries(
      RELEASES.map(({ version }) => [
        version,
        found({ version, alpha: ofChart }).find(({ id }) => id === 'monitoring-off')?.hint,
      ]),
    );
    expect(hints['v1.0.0']).to.equal(undefined);
    expect(hints['v1.0.2']).to.include('--set inferenceExtension.monitoring.gke.enabled=true');
    expect(hints['v1.1.0']).to.include('--set inferenceExtension.monitoring.prometheus.enabled=true');
    expect(hints['v1.5.0']).to.include('--set inferenceExtension.monitoring.prometheus.enabled=true');
    expect(said({ alpha: ofChart, provider: 'none' })).to.be.empty;
  });

  it('is the kind of the model servers: a doubt, and a warning where the labels name another than vLLM', () => {
    expect(said({ pool: labelled({ app: 'vllm-llama3-8b-instruct' }) })).to.be.empty;
    expect(said({ pool: labelled({ app: 'search' }) })).to.deep.equal(['info model-server-type']);
    for (const app of ['triton-llama', 'my-TensorRT', 'trtllm', 'sglang-0'])
      expect(said({ pool: labelled({ app }) })).to.deep.equal(['warning model-server-type']);
  });
});

describe("the chart's ClusterRole", () => {
  const long = (letter: string, length: number) => letter.repeat(length);
  const named = (name: string, namespace: string) => ({
    alpha: alphaPool('food', {}, { namespace }),
    pool: v1Pool(name, {}, { namespace }),
  });

  it('keeps v1.0.1 to v1.1.0 from rendering where release and namespace are long, from 78 letters on', () => {
    for (const version of ['v1.0.1', 'v1.0.2', 'v1.1.0']) {
      expect(said({ version, ...named(long('r', 44), long('n', 38)) })).to.include(
        'error cluster-role-name-too-long',
      );
      expect(said({ version, ...named(long('r', 44), long('n', 37)) })).not.to.include(
        'error cluster-role-name-too-long',
      );
    }
    for (const version of ['v1.0.0', 'v1.2.0', 'v1.5.0'])
      expect(said({ version, ...named(long('r', 44), long('n', 63)) }).join()).not.to.include('error');
  });

  it('has room for the name in the hint', () => {
    const [finding] = found(named(long('r', 40), long('n', 63)));
    const room = Number(/at most (\d+) characters/.exec(finding!.hint)![1]);
    expect(said(named(long('r', room), long('n', 63)))).to.be.empty;
    expect(said(named(long('r', room + 1), long('n', 63)))).to.deep.equal([
      'error cluster-role-name-too-long',
    ]);
  });

  it('clashes from v1.0.1 to v1.1.0 where release and namespace run into the same words', () => {
    const other = v1Pool('food', {}, { namespace: 'ga-llm' });
    for (const version of ['v1.0.1', 'v1.1.0'])
      expect(said({ version, v1Pools: [other] })).to.include('warning cluster-role-clash');
    for (const version of ['v1.0.0', 'v1.2.0'])
      expect(said({ version, v1Pools: [other] })).not.to.include('warning cluster-role-clash');
  });
});
