import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { JsonPatchOperation } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, object, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const alpha = alphaPool();
const advised = (scaler: KubeObject, v1 = true) =>
  advisoryReferences([scaler], [{ alpha, v1: v1 ? refOf(v1Pool()) : null }]);
const hpa = (...metrics: object[]) => object(r.HPA, 'servers', { spec: { metrics } });
const external = (name: string, pool?: string) => ({
  type: 'External',
  external: { metric: { name, ...(pool ? { selector: { matchLabels: { name: pool } } } : {}) } },
});
const scaled = (query: string) =>
  object(r.SCALED_OBJECT, 'servers', {
    spec: { triggers: [{ type: 'cpu' }, { type: 'prometheus', metadata: { query, threshold: '5' } }] },
  });

/** The object after the command of the hint. */
function obeyed(scaler: KubeObject, hint: string): KubeObject {
  const [, patch] = /^.*kubectl patch -n llm \S+\/servers --type=json -p '(.*)'$/.exec(hint) ?? [];
  return applyJsonPatch(scaler, JSON.parse(patch!.replaceAll(`'\\''`, "'")) as JsonPatchOperation[]);
}

describe('an HPA', () => {
  it('on a metric of the alpha pool is told, and the command of the hint settles it', () => {
    const scaler = hpa({ type: 'Resource' }, external('inference_pool_average_queue_size', 'food'));
    const { references, findings } = advised(scaler);
    expect(references).to.deep.equal([
      {
        from: refOf(scaler),
        path: 'spec.metrics[1].external.metric',
        relation: 'autoscaling',
        pool: refOf(alpha),
      },
    ]);
    expect(ids(findings)).to.deep.equal(['autoscaler-metric-of-alpha-pool']);
    const after = obeyed(scaler, findings[0]!.hint);
    expect(after['spec'].metrics[1].external.metric.selector.matchLabels.name).to.equal('food-ga');
    expect(advised(after)).to.deep.equal({ references: [], findings: [] });
  });

  it('on a number of requests, which falls while they move, is told; with the new name it is settled', () => {
    const name = 'prometheus.googleapis.com|inference_model_request_total|counter';
    for (const [type, source] of [
      ['External', 'external'],
      ['Pods', 'pods'],
      ['Object', 'object'],
    ] as const) {
      const scaler = hpa({ type, [source]: { metric: { name } } });
      const { references, findings } = advised(scaler);
      expect(references.map(({ path, pool }) => [path, pool.name])).to.deep.equal([
        [`spec.metrics[0].${source}.metric`, ''],
      ]);
      expect(ids(findings)).to.deep.equal(['autoscaler-metric-renamed']);
      expect(findings[0]!.hint).to.include('minReplicas');
      const after = obeyed(scaler, findings[0]!.hint);
      expect(after['spec'].metrics[0][source].metric.name).to.equal(name.replace('_model_', '_objective_'));
      expect(advised(after).findings).to.deep.equal([]);
    }
  });

  it('on a metric of the alpha pool as an object is told, and settled, too', () => {
    const describedObject = {
      apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
      kind: 'InferencePool',
      name: 'food',
    };
    const scaler = hpa({ type: 'Object', object: { metric: { name: 'queue' }, describedObject } });
    const { references, findings } = advised(scaler);
    expect(references[0]).to.include({ path: 'spec.metrics[0].object.describedObject' });
    expect(references[0]!.pool).to.deep.equal(refOf(alpha));
    const after = obeyed(scaler, findings[0]!.hint);
    expect(after['spec'].metrics[0].object.describedObject).to.deep.equal({
      apiVersion: 'inference.networking.k8s.io/v1',
      kind: 'InferencePool',
      name: 'food-ga',
    });
    expect(advised(after)).to.deep.equal({ references: [], findings: [] });
  });

  it('is told to wait for the v1 pool where there is none yet', () => {
    const { findings } = advised(hpa(external('inference_pool_ready_pods', 'food')), false);
    expect(findings[0]!.hint).to.include('kubectl infpool convert food -n llm --apply');
    expect(findings[0]!.hint).to.not.include('null');
  });

  it('on anything else is nothing of ours', () => {
    const other = hpa(
      external('vllm:num_requests_waiting', 'food'),
      external('inference_pool_ready_pods', 'other'),
    );
    expect(advised(other)).to.deep.equal({ references: [], findings: [] });
  });
});

describe('a ScaledObject', () => {
  it('whose query names the alpha pool is told, and the command of the hint settles it, quotes and all', () => {
    const scaler = scaled(`max(inference_pool_average_queue_size{name='food',job="it's"})`);
    const { references, findings } = advised(scaler);
    expect(references.map(({ path }) => path)).to.deep.equal(['spec.triggers[1].metadata.query']);
    const after = obeyed(scaler, findings[0]!.hint);
    expect(after['spec'].triggers[1].metadata.query).to.equal(
      `max(inference_pool_average_queue_size{name='food-ga',job="it's"})`,
    );
    expect(advised(after)).to.deep.equal({ references: [], findings: [] });
  });

  it('whose query reads both pools is nothing to do', () => {
    expect(advised(scaled('max(inference_pool_ready_pods{name=~"food|food-ga"})')).findings).to.deep.equal(
      [],
    );
  });

  it('whose query counts requests is told how to count them under either name', () => {
    const { findings } = advised(scaled('sum(rate(inference_model_request_total[1m]))'));
    expect(ids(findings)).to.deep.equal(['autoscaler-metric-renamed']);
    expect(findings[0]!.hint).to.equal(
      'Before any traffic moves let the query add up both, sum({__name__=~"inference_(model|objective)_request_total"}): kubectl edit -n llm scaledobjects.keda.sh/servers',
    );
  });
});
