import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { ListRead } from '../../src/api/read.ts';
import * as r from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { ELSEWHERE, unknownElsewhere, withElsewhere } from '../../src/inventory/elsewhere.ts';
import { alphaPool, gateway, NS, object, route, toAlpha, toV1, v1Pool } from '../support/objects.ts';
import { FORBIDDEN, ids, snapshot } from '../support/snapshot.ts';

const far = (name: string, refs: object[], parent = 'edge') =>
  route(
    [refs as never],
    { name, namespace: 'web' },
    {
      spec: {
        parentRefs: [{ name: parent, namespace: 'edge' }],
        rules: [{ backendRefs: refs }],
      },
    },
  );
const rule = (name: string, host: string) =>
  object(r.DESTINATION_RULE, name, { spec: { host } }, { namespace: 'web' });

const ELSE: KubeObject[] = [
  far('ours', [toAlpha('food', { namespace: NS })]),
  far('theirs', [toAlpha('food')], 'other'),
  gateway('edge', {}, { namespace: 'edge' }),
  gateway('other', {}, { namespace: 'edge' }),
  rule('ours', `food-epp.${NS}.svc.cluster.local`),
  rule('theirs', 'food-epp'),
];
const wideOf = (objects: readonly KubeObject[]) => {
  const all = snapshot(objects);
  return new Map(ELSEWHERE.map((kind) => [r.qualifiedName(kind), all.lists.get(r.qualifiedName(kind))!]));
};
const near = (options = {}) =>
  snapshot([alphaPool(), v1Pool(), route([[toV1()]])], { namespace: NS, ...options });

describe('what lies in other namespaces', () => {
  it('is taken along where it matters to pools of this one, and left where it does not', () => {
    const { objects } = buildInventory(withElsewhere(near(), wideOf(ELSE)));
    const taken = [...objects.values()].filter(({ metadata }) => metadata.namespace !== NS);
    expect(
      taken.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
    ).to.have.members(['HTTPRoute web/ours', 'Gateway edge/edge', 'DestinationRule web/ours']);
  });

  it('keeps a pool from being called switched while a route of another namespace leads to it', () => {
    const phase = (wide: ReadonlyMap<string, ListRead>) =>
      buildInventory(withElsewhere(near(), wide)).pools[0]!.phase;
    expect(phase(new Map())).to.equal('Switched');
    expect(phase(wideOf(ELSE))).to.equal('Splitting');
  });

  it('is said to be unknown where it could not be read, and there are pools that it could lead to', () => {
    const kinds = [r.ALPHA_POOL, r.V1_POOL];
    const refused = new Map<string, ListRead>([[r.qualifiedName(r.HTTP_ROUTE), FORBIDDEN]]);
    expect(ids(unknownElsewhere(near(), refused, kinds))).to.deep.equal(['only-this-namespace']);
    expect(unknownElsewhere(near(), wideOf(ELSE), kinds)).to.be.empty;
    expect(unknownElsewhere(snapshot([], { namespace: NS }), refused, kinds)).to.be.empty;
    expect(withElsewhere(near(), refused).lists).to.deep.equal(near().lists);
    // Refused here, too: that is told as "could not read" already.
    expect(unknownElsewhere(near({ forbidden: [r.HTTP_ROUTE] }), refused, kinds)).to.be.empty;
  });
});
