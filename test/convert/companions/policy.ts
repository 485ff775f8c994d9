// What the specs of GKE's policies share.
import type { KubeObject } from '../../../src/api/object.ts';
import * as r from '../../../src/api/resource.ts';
import type { CompanionPair } from '../../../src/convert/companions/companion.ts';
import { policyCompanions } from '../../../src/convert/companions/policies.ts';
import { object } from '../../support/objects.ts';
import { pairOf } from './pair.ts';

/** One that names its targets in a list. */
export const traffic = (
  targetRefs: object[],
  name = 'spread',
  fields: object = { default: { localityLbAlgorithm: 'RING' } },
) => object(r.GCP_TRAFFIC_POLICY, name, { spec: { targetRefs, ...fields } });

/** What is made of them. */
export function made(policies: KubeObject[], pairs: CompanionPair[] = [pairOf()]) {
  const { companions, findings } = policyCompanions(pairs, policies);
  return { companions, findings, manifests: companions.map(({ manifest }) => manifest) };
}

export const none = { companions: [], findings: [] };
