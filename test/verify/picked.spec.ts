import { expect } from 'chai';
import { requestsPicked } from '../../src/verify/picked.ts';

describe('the requests that an endpoint picker counted', () => {
  it('are the sum over its models, by the names of either API', () => {
    const metrics = [
      '# HELP inference_objective_request_total Counter of requests',
      '# TYPE inference_objective_request_total counter',
      'inference_objective_request_total{model_name="a",target_model_name="a"} 12',
      'inference_objective_request_total{model_name="b",target_model_name="c"} 1.5e+01',
      'inference_objective_request_error_total{model_name="a"} 3',
      'inference_model_request_total{model_name="a"} 2',
      '',
    ].join('\n');
    expect(requestsPicked(metrics)).to.equal(29);
    expect(requestsPicked('')).to.equal(0);
  });
});
