import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { alphaPool, object, v1Pool } from '../support/objects.ts';

const alpha = alphaPool();
const rules = (...expressions: (string | number)[]) =>
  object(r.PROMETHEUS_RULE, 'alerts', {
    spec: { groups: [{ name: 'empty' }, { rules: expressions.map((expr) => ({ alert: 'A', expr })) }] },
  });
const advised = (expressions: (string | number)[], v1 = true, meta = {}) => {
  const rule = rules(...expressions);
  return advisoryReferences(
    [{ ...rule, metadata: { ...rule.metadata, ...meta } }],
    [{ alpha, v1: v1 ? refOf(v1Pool()) : null }],
  );
};

describe('a PrometheusRule', () => {
  it('that reads a metric which v1.1.0 renamed is told once a metric, with the first place', () => {
    const { references, findings } = advised([
      1,
      'rate(inference_model_request_total[5m]) > 1',
      'inference_model_request_total == 0',
    ]);
    expect(references).to.deep.equal([]);
    expect(findings.map(({ id, field }) => [id, field])).to.deep.equal([
      ['metric-renamed', 'spec.groups[1].rules[1].expr'],
    ]);
    expect(findings[0]!.message).to.include('inference_objective_request_total').and.include('(2 places)');
    expect(findings[0]!.hint).to.equal(
      'Read it under either name, {__name__=~"inference_(model|objective)_request_total"}: kubectl edit -n llm prometheusrules.monitoring.coreos.com/alerts',
    );
  });

  it('that names the alpha pool is told, with the v1 name, and counts as a reference', () => {
    const expression = 'inference_pool_ready_pods{name="food"} < 1';
    const { references, findings } = advised([expression]);
    expect(references.map(({ path, pool }) => [path, pool])).to.deep.equal([
      ['spec.groups[1].rules[0].expr', refOf(alpha)],
    ]);
    expect(findings.map(({ id }) => id)).to.deep.equal(['metric-of-alpha-pool']);
    expect(findings[0]!.hint).to.include('name=~"food|food-ga"');
    expect(advised([expression], false).findings[0]!.hint).to.include(
      'kubectl infpool convert food -n llm --apply',
    );
  });

  it('is found in whichever namespace the alerts are kept', () => {
    const elsewhere = { namespace: 'monitoring' };
    expect(advised(['inference_pool_ready_pods{name="food"}'], true, elsewhere).references).to.have.length(1);
  });

  it('that reads both names, or no pool of ours, is nothing to do', () => {
    expect(advised(['inference_pool_ready_pods{name=~"food|food-ga"} < 1']).findings).to.deep.equal([]);
    expect(advised(['inference_pool_ready_pods{name="other"} < 1', 'up == 0'])).to.deep.equal({
      references: [],
      findings: [],
    });
  });
});
