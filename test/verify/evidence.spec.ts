// Conditions, pool status and pods as clusters have them: of other generations, of several writers, with parts missing.
import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import type { Check } from '../../src/api/verification.ts';
import { conditionOf, matchesLabels, objectsIn } from '../../src/verify/evidence.ts';
import { podChecks, poolStatusChecks, selectorOf } from '../../src/verify/pool.ts';
import { pod } from '../support/healthy.ts';
import { alphaPool, condition, v1Pool } from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';
import { bad } from './look.ts';

const without = (object: KubeObject, ...fields: string[]): KubeObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key))) as KubeObject;
const evidence = (checks: Check[], id: string) =>
  checks.filter((check) => check.id === id).map((check) => check.evidence);

describe('a condition', () => {
  const of = (more: object, generation?: number) =>
    conditionOf([condition('Accepted', 'True', more)], 'Accepted', generation);

  it('speaks of an older spec only where both tell their generation', () => {
    expect(of({}, 2)).to.include({ stale: true, text: 'Accepted=True, but for generation 1 of 2' });
    expect(of({}, 1)).to.include({ stale: false, text: 'Accepted=True' });
    expect(of({}, undefined).stale).to.be.false;
    expect(of({ observedGeneration: undefined }, 2).stale).to.be.false;
    expect(of({ observedGeneration: 3 }, 2).stale).to.be.false;
  });

  it('tells its message where it is not true', () => {
    const said = { reason: 'Because', message: 'words' };
    expect(of(said).text).to.equal('Accepted=True (Because)');
    const off = condition('Accepted', 'False', said);
    expect(conditionOf([off], 'Accepted', 1).text).to.equal('Accepted=False (Because): words');
    const quiet = condition('Accepted', 'False');
    expect(conditionOf([quiet], 'Accepted', 1).text).to.equal('Accepted=False');
    expect(conditionOf(undefined, 'Accepted', 1)).to.deep.include({ status: 'missing', stale: false });
  });

  it('labels that are not there match nothing but an empty selector', () => {
    expect(matchesLabels({ a: 'b' }, undefined)).to.be.false;
    expect(matchesLabels({}, undefined)).to.be.true;
  });

  it('objects of a kind that is not installed are none', () => {
    expect(objectsIn(snapshot([], { notInstalled: [r.POD] }), r.POD, 'llm')).to.deep.equal({ objects: [] });
  });
});

describe("a pool's status", () => {
  const status = (parents: unknown[]) => poolStatusChecks({ ...v1Pool(), status: { parents } }, true);
  const accepted = [condition('Accepted')];

  it('is by any parent but the one that the CRD puts there', () => {
    const synthetic = { parentRef: { kind: 'Status', name: 'default' }, conditions: [] };
    const others = [
      { parentRef: { kind: 'Gateway', name: 'default' }, conditions: accepted },
      { parentRef: { kind: 'Status', name: 'other' }, conditions: accepted },
      { conditions: accepted },
    ];
    const said = evidence(status([synthetic, ...others]), 'pool-accepted');
    expect(said).to.have.length(3);
    expect(said.slice(0, 2)).to.deep.equal([
      'Gateway llm/default: Accepted=True',
      'Gateway llm/other: Accepted=True',
    ]);
    expect(bad(status([synthetic]))).to.deep.equal(['unknown pool-accepted']);
  });

  it('names the namespace of the Gateway', () => {
    const parentRef = { name: 'gw', namespace: 'infra' };
    expect(evidence(status([{ parentRef, conditions: accepted }]), 'pool-accepted')).to.deep.equal([
      'Gateway infra/gw: Accepted=True',
    ]);
  });
});

describe('the model servers', () => {
  const look = (pods: KubeObject[], pool = v1Pool()) => podChecks(pool, snapshot(pods));

  it('are counted, by all labels of the selector', () => {
    const labels = { app: 'vllm', tier: 'x' };
    const pool = v1Pool('food-ga', { selector: { matchLabels: labels } });
    const checks = look([pod(true, labels, 'a'), pod(false, labels, 'b'), pod(true)], pool);
    expect(checks.map((check) => check.evidence)).to.deep.equal([
      '2 pods with app=vllm,tier=x',
      '1 of 2 ready',
    ]);
    expect(look([pod()]).map((check) => check.evidence)).to.deep.equal([
      '1 pod with app=vllm',
      '1 of 1 ready',
    ]);
    expect(look([], pool)[0]!.hint).to.contain('with app=vllm,tier=x: kubectl get pods -n llm --show-labels');
  });

  it('are ready by that condition among others', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'False' },
    ];
    expect(bad(look([{ ...pod(), status: { conditions } }]))).to.deep.equal(['fail pods-ready']);
    conditions[1]!.status = 'True';
    conditions[0]!.status = 'False';
    expect(bad(look([{ ...pod(), status: { conditions } }]))).to.be.empty;
    expect(bad(look([without(pod(), 'status')]))).to.deep.equal(['fail pods-ready']);
  });

  it('are selected by nothing where the pool says nothing', () => {
    expect(selectorOf(without(v1Pool(), 'spec'))).to.deep.equal({});
    expect(selectorOf(without(alphaPool(), 'spec'))).to.deep.equal({});
  });
});
