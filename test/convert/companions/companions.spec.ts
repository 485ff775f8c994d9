import { expect } from 'chai';
import { MIGRATED_FROM_ANNOTATION } from '../../../src/api/names.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import * as r from '../../../src/api/resource.ts';
import { companionsOf } from '../../../src/convert/companions/companions.ts';
import { releaseOf } from '../../../src/convert/releases.ts';
import { alphaPool, byHelm, grant, NS, object, policy, toAlpha, v1Pool } from '../../support/objects.ts';
import { brief } from './pair.ts';

const sources = {
  grants: [grant([{ group: r.ALPHA_GROUP, kind: 'InferencePool' }])],
  policies: [
    policy(r.HEALTH_CHECK_POLICY, toAlpha(), {
      spec: { targetRef: toAlpha(), default: { config: { type: 'TCP' } } },
    }),
  ],
  destinationRules: [object(r.DESTINATION_RULE, 'food-epp', { spec: { host: 'food-epp' } })],
};

function companions(
  existing: KubeObject | null,
  epp: 'chart' | 'none' = 'chart',
  pool: KubeObject | null = v1Pool(),
) {
  const units = [{ alpha: alphaPool(), pool, existing }];
  const options = { release: releaseOf('v1.3.1'), provider: 'gke' as const, epp };
  return brief(companionsOf(units, sources, options).companions);
}

const byHand = [
  'patch ReferenceGrant grant',
  'apply HealthCheckPolicy food-ga',
  'apply DestinationRule food-ga-epp',
];
const overTheCharts = byHand.with(1, 'force HealthCheckPolicy food-ga');

describe('what stands beside a v1 pool', () => {
  it('is grants, policies and DestinationRules, in this order', () => {
    expect(companions(null, 'none')).to.deep.equal(byHand);
  });

  it('is none for a pool that can not be converted', () => {
    expect(companions(null, 'none', null)).to.be.empty;
  });

  it('goes over what the chart is going to make', () => {
    expect(companions(null)).to.deep.equal(overTheCharts);
  });

  it('does so too behind an install that was interrupted, and no more once the pool is marked', () => {
    const fresh = v1Pool('food-ga', {}, byHelm('food-ga', { namespace: NS }));
    expect(companions(fresh)).to.deep.equal(overTheCharts);
    const annotations = { [MIGRATED_FROM_ANNOTATION]: 'food' };
    const marked = v1Pool('food-ga', {}, byHelm('food-ga', { namespace: NS, annotations }));
    expect(companions(marked)).to.deep.equal(byHand);
    expect(companions(v1Pool())).to.deep.equal(byHand);
    expect(companions(v1Pool('food-ga', {}, byHelm('other', { namespace: NS })))).to.deep.equal(byHand);
  });
});
