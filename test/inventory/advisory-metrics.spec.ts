import { expect } from 'chai';
import fc from 'fast-check';
import { eitherName, metricsIn, poolsIn, renamedIn, withPool } from '../../src/inventory/advisory/metrics.ts';

describe('metrics of the endpoint pickers in a text', () => {
  it('are found in PromQL, with the pools that they are confined to', () => {
    expect(
      metricsIn('sum(rate(inference_model_request_total{model_name="x"}[5m])) / inference_pool_ready_pods'),
    ).to.deep.equal([
      { metric: 'inference_model_request_total', pools: [] },
      { metric: 'inference_pool_ready_pods', pools: [] },
    ]);
    for (const [matcher, pools] of [
      ['{name="food"}', ['food']],
      ["{ name = 'food' }", ['food']],
      ['{job="epp",name=~"food|other"}', ['food', 'other']],
      ['{model_name="food"}', []],
      ['{name!="food"}', []],
      ['{name!~"food"}', []],
      ['', []],
    ] as const)
      expect(poolsIn(`inference_pool_average_queue_size${matcher} > 5`), matcher).to.deep.equal(pools);
  });

  it('are found in the names that adapters give them', () => {
    for (const name of [
      'prometheus.googleapis.com|inference_model_request_total|counter',
      'prometheus.googleapis.com/inference_model_request_total/counter',
    ])
      expect(renamedIn(name)).to.deep.equal(['inference_model_request_total']);
  });

  it('are none of other names that look like them', () => {
    expect(
      metricsIn('my_inference_model_total + inference_objective_running_requests + vllm:x'),
    ).to.deep.equal([]);
  });

  it('are not told to be renamed where the new name is read, too', () => {
    expect(renamedIn('inference_model_input_tokens_sum')).to.deep.equal(['inference_model_input_tokens_sum']);
    expect(renamedIn('inference_model_request_sizes or inference_objective_request_sizes')).to.deep.equal([]);
    expect(renamedIn(`sum(${eitherName('inference_model_request_sizes')})`)).to.deep.equal([]);
    expect(renamedIn('inference_pool_ready_pods')).to.deep.equal([]);
  });

  it('are pointed at another pool without touching anything else', () => {
    expect(
      withPool('avg(inference_pool_average_queue_size{name="food",job="food"})', 'food', 'food-ga'),
    ).to.equal('avg(inference_pool_average_queue_size{name="food-ga",job="food"})');
    expect(
      withPool('inference_pool_ready_pods{name=~"food|other"} + up{name="food"}', 'food', 'food-ga'),
    ).to.equal('inference_pool_ready_pods{name=~"food-ga|other"} + up{name="food"}');
  });

  it('are read in no time and the same way, whatever the text is', () => {
    const piece = fc.constantFrom(
      'inference_pool_x',
      'inference_model_',
      '{',
      '}',
      'name',
      '=~',
      '"',
      '|',
      ' ',
      ',',
      'food',
      '$&',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const text = pieces.join('');
        const moved = withPool(text, 'food', 'food-ga');
        if (!poolsIn(text).includes('food')) expect(moved).to.equal(text);
        expect(withPool(moved, 'food', 'food-ga')).to.equal(moved);
      }),
    );
  });
});
