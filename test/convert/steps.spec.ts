import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { ApplyStep, Step } from '../../src/api/plan.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { UPSTREAM_CHART } from '../../src/convert/chart.ts';
import { convert, type ConvertInput, type ConvertOptions } from '../../src/convert/convert.ts';
import { DEFAULT_PRIORITIES } from '../../src/convert/models.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { phaseOneSteps } from '../../src/convert/steps.ts';
import { covers } from '../../src/api/covers.ts';
import { alphaPool, crd, model, objective, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const options: ConvertOptions = {
  release: releaseOf('v1.3.1'),
  priorities: DEFAULT_PRIORITIES,
  provider: 'gke',
  epp: 'chart',
  chart: UPSTREAM_CHART,
  nameFor: ({ name }) => `${name}-ga`,
};

interface World {
  inputs: ConvertInput[];
  live?: KubeObject[];
  more?: Partial<ConvertOptions>;
  withoutPicker?: KubeObject[];
}

function phaseOne({ inputs, live = [], more = {}, withoutPicker = [] }: World) {
  const all = { ...options, ...more };
  const byKey = new Map(live.map((object) => [refKey(refOf(object)), object]));
  const objectives = crd(r.OBJECTIVE, 'v1.3.1');
  return phaseOneSteps(convert(inputs, { alphaPools: [], v1Pools: [] }, all), {
    crdManifests: new Map([[objectives.metadata.name, objectives]]),
    decisions: [
      { name: r.qualifiedName(r.V1_POOL), action: 'keep', reason: 'GKE' },
      { name: objectives.metadata.name, action: 'install', reason: 'not installed' },
    ],
    live: (object) => byKey.get(refKey(refOf(object))),
    epp: all.epp,
    chart: all,
    withoutPicker: new Set(withoutPicker.map((pool) => refKey(refOf(pool)))),
  });
}

const brief = (steps: Step[]) => steps.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
const renamed = model('b', { modelName: 'b', targetModels: [{ name: 'b-1' }], criticality: 'Critical' });
const input: ConvertInput = { alpha: alphaPool(), models: [model('a'), renamed], existing: null };

describe('phase 1', () => {
  it('is CRDs, then for each pool the chart, the mark, objectives, rewrites, then the waits for the pickers', () => {
    const second: ConvertInput = { alpha: alphaPool('drinks'), models: [], existing: null };
    const { steps, findings } = phaseOne({ inputs: [input, second] });
    expect(brief(steps)).to.deep.equal([
      'crd CustomResourceDefinition inferenceobjectives.inference.networking.x-k8s.io',
      'helm InferencePool food-ga',
      'apply InferencePool food-ga',
      'apply InferenceObjective a',
      'apply InferenceObjective b',
      'apply InferenceModelRewrite b',
      'helm InferencePool drinks-ga',
      'apply InferencePool drinks-ga',
      'wait InferencePool food-ga',
      'wait InferencePool drinks-ga',
    ]);
    expect(findings).to.be.empty;
    expect(steps.every(({ reason }) => reason !== '')).to.be.true;
    expect(steps[1]).to.deep.include({ verb: 'install', release: 'food-ga', namespace: 'llm' });
    expect(steps.at(-1)).to.include({ condition: 'eppReady' });
  });

  it("marks the chart's pool, and writes nothing else into it", () => {
    const [, , mark] = phaseOne({ inputs: [input] }).steps;
    expect((mark as ApplyStep).manifest).to.deep.equal({
      apiVersion: 'inference.networking.k8s.io/v1',
      kind: 'InferencePool',
      metadata: {
        name: 'food-ga',
        namespace: 'llm',
        annotations: { 'kubectl-infpool/migrated-from': 'food', 'kubectl-infpool/models': '["a","b"]' },
      },
    });
  });

  it('applies the whole pool where the user brings the picker', () => {
    const { steps } = phaseOne({ inputs: [input], more: { epp: 'none' } });
    expect(brief(steps).slice(1, 3)).to.deep.equal([
      'apply InferencePool food-ga',
      'apply InferenceObjective a',
    ]);
    expect((steps[1] as ApplyStep).manifest['spec']).to.have.keys(
      'selector',
      'targetPorts',
      'endpointPickerRef',
    );
  });

  it('makes nothing for a pool that can not be converted', () => {
    const { steps } = phaseOne({ inputs: [{ ...input, alpha: alphaPool('food', { selector: {} }) }] });
    expect(brief(steps)).to.have.length(1);
  });

  it('marks a v1 pool that is there, and installs nothing', () => {
    const existing = v1Pool();
    const { steps } = phaseOne({ inputs: [{ ...input, models: [], existing }] });
    expect(brief(steps).slice(1)).to.deep.equal([
      'apply InferencePool food-ga',
      'wait InferencePool food-ga',
    ]);
    expect(steps[1]).to.deep.include({ live: existing });
  });

  it('lets helm take over a pool that was applied without its picker, and installs what is missing', () => {
    const there = v1Pool('food-ga', {}, { annotations: { 'kubectl-infpool/migrated-from': 'food' } });
    const one: ConvertInput = { alpha: alphaPool(), models: [], existing: there };
    const { steps } = phaseOne({ inputs: [one], withoutPicker: [there] });
    expect(brief(steps.slice(1))).to.deep.equal([
      'apply InferencePool food-ga',
      'helm InferencePool food-ga',
      'wait InferencePool food-ga',
    ]);
    expect((steps[1] as ApplyStep).manifest).to.deep.equal({
      apiVersion: 'inference.networking.k8s.io/v1',
      kind: 'InferencePool',
      metadata: {
        name: 'food-ga',
        namespace: 'llm',
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: {
          'meta.helm.sh/release-name': 'food-ga',
          'meta.helm.sh/release-namespace': 'llm',
        },
      },
    });
    const own = phaseOne({ inputs: [one], withoutPicker: [there], more: { epp: 'none' } });
    expect(brief(own.steps.slice(1))).to.deep.equal(['wait InferencePool food-ga']);
  });

  it('carries what people wrote on the alpha pool over to the one that the chart makes, and FailOpen', () => {
    const alpha = alphaPool(
      'food',
      { extensionRef: { name: 'food-epp', failureMode: 'FailOpen' } },
      { labels: { team: 'search', 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { note: 'mine' } },
    );
    const remembered = (version: string) =>
      phaseOne({
        inputs: [{ alpha, models: [], existing: null }],
        more: { release: releaseOf(version) },
      }).steps.find((step) => step.action === 'apply')!.manifest;
    expect(remembered('v1.0.0').metadata.labels).to.deep.equal({ team: 'search' });
    expect(remembered('v1.0.0').metadata.annotations).to.deep.include({ note: 'mine' });
    expect(remembered('v1.0.0')['spec']).to.deep.equal({ endpointPickerRef: { failureMode: 'FailOpen' } });
    expect(remembered('v1.4.0')['spec'], 'this chart knows it').to.equal(undefined);
  });

  it('has only the wait left for a v1 pool that is marked', () => {
    const annotations = {
      'kubectl-infpool/migrated-from': 'food',
      'kubectl-infpool/models': '["a","b","gone"]',
    };
    const existing = v1Pool('food-ga', {}, { annotations });
    const live = [objective('a'), objective('b', { priority: 2 })];
    const { steps, findings } = phaseOne({
      inputs: [{ ...input, existing }],
      live,
      more: { release: releaseOf('v1.0.0') },
    });
    expect(brief(steps).slice(1)).to.deep.equal(['wait InferencePool food-ga']);
    expect(findings).to.be.empty;
  });

  it('marks it again when there are models that it does not remember', () => {
    for (const models of ['["a"]', 'broken']) {
      const annotations = { 'kubectl-infpool/migrated-from': 'food', 'kubectl-infpool/models': models };
      const { steps } = phaseOne({
        inputs: [{ ...input, existing: v1Pool('food-ga', {}, { annotations }) }],
      });
      expect(brief(steps)[1]).to.equal('apply InferencePool food-ga');
    }
  });

  it('keeps an objective that is there with another spec, and says so', () => {
    const live = [objective('a', { priority: 7 })];
    const { steps, findings } = phaseOne({ inputs: [input], live });
    expect(brief(steps)).not.to.include('apply InferenceObjective a');
    expect(findings[0]).to.include({ id: 'objective-differs', severity: 'warning' });
    expect(findings[0]!.message).to.contain('"priority":7');
  });

  it('refuses an objective whose name another pool has', () => {
    const live = [objective('a', { poolRef: { group: r.V1_GROUP, kind: 'InferencePool', name: 'other' } })];
    const { findings } = phaseOne({ inputs: [input], live });
    expect(ids(findings)).to.deep.equal(['objective-name-taken']);
    expect(findings[0]).to.include({ severity: 'error', field: 'spec.poolRef' });
    expect(findings[0]!.hint).to.contain('-n llm inferenceobjectives.inference.networking.x-k8s.io/a');
  });
});

describe('a live object covers what is wanted', () => {
  for (const [live, wanted, is] of [
    [{ a: 1, default: 2 }, { a: 1 }, true],
    [{ a: { b: [1, { c: 2, d: 3 }] } }, { a: { b: [1, { c: 2 }] } }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{}, { a: 1 }, false],
    [undefined, { a: 1 }, false],
    [{ a: [1, 2] }, { a: [1] }, false],
    [{ a: 'x' }, { a: ['x'] }, false],
    [null, null, true],
  ] as const)
    it(`${is ? 'with' : 'not with'} ${JSON.stringify(live)} for ${JSON.stringify(wanted)}`, () =>
      expect(covers(live, wanted)).to.equal(is));
});
