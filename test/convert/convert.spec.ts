import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { UPSTREAM_CHART } from '../../src/convert/chart.ts';
import {
  convert,
  migratedFrom,
  objectsOf,
  type ConvertInput,
  type ConvertOptions,
} from '../../src/convert/convert.ts';
import { DEFAULT_PRIORITIES } from '../../src/convert/models.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { defaultTargetName } from '../../src/inventory/pairs.ts';
import { loadManifests } from '../../src/manifests/load.ts';
import { findingsText } from '../../src/report/findings.ts';
import { PLAIN } from '../../src/report/text.ts';
import { toYamlStream } from '../../src/report/yaml.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, model, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const options: ConvertOptions = {
  release: releaseOf('v1.0.1'),
  priorities: DEFAULT_PRIORITIES,
  provider: 'gke',
  epp: 'chart',
  chart: UPSTREAM_CHART,
  nameFor: ({ name }) => defaultTargetName(name),
};

interface Others {
  more?: Partial<ConvertOptions>;
  v1Pools?: KubeObject[];
  alphaPools?: KubeObject[];
}

function converted(
  inputs: Partial<ConvertInput>[],
  { more = {}, v1Pools = [], alphaPools = [] }: Others = {},
) {
  const all = inputs.map((input) => ({ alpha: alphaPool(), models: [], existing: null, ...input }));
  return convert(
    all,
    { alphaPools: [...alphaPools, ...all.map(({ alpha }) => alpha)], v1Pools },
    { ...options, ...more },
  );
}

describe('converting', () => {
  for (const version of ['v1.0.0', 'v1.3.1'])
    it(`a preview stack for ${version}: what is printed, and what is lost or in doubt`, () => {
      const text = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'preview.yaml'), 'utf8');
      const objects = loadManifests('preview.yaml', text).objects.map(({ object }) => object);
      const models = objects.filter(({ kind }) => kind === 'InferenceModel');
      const inputs = objects
        .filter(({ kind }) => kind === 'InferencePool')
        .map((alpha) => ({
          alpha,
          models: models.filter((one) => one['spec'].poolRef.name === alpha.metadata.name),
        }));
      const conversion = converted(inputs, { more: { release: releaseOf(version) } });
      expectGolden(`convert/preview-${version}.yaml`, toYamlStream(objectsOf(conversion)));
      expectGolden(`convert/preview-${version}.findings.txt`, findingsText(conversion.findings, PLAIN));
    });

  it('gives pools, objectives and rewrites in the order in which they can be applied', () => {
    const targetModels = [{ name: 'x' }];
    const models = [model('a', { targetModels }), model('b', { targetModels })];
    const conversion = converted([{ models }], { more: { release: releaseOf('v1.3.1') } });
    expect(objectsOf(conversion).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).to.deep.equal([
      'InferencePool food-ga',
      'InferenceObjective a',
      'InferenceObjective b',
      'InferenceModelRewrite a',
      'InferenceModelRewrite b',
    ]);
    expect(migratedFrom(objectsOf(conversion)[0]!)).to.equal('food');
    expect(migratedFrom(v1Pool())).to.equal('');
  });

  it('makes nothing of a pool that has no valid counterpart, and goes on with the next', () => {
    const conversion = converted([
      { alpha: alphaPool('empty', { selector: {} }), models: [model()] },
      { alpha: alphaPool() },
    ]);
    expect(objectsOf(conversion).map(({ metadata }) => metadata.name)).to.deep.equal(['food-ga']);
    expect(ids(conversion.findings)).to.deep.equal(['selector-empty']);
  });

  it('refuses names that are taken, by the cluster or by this conversion, in the same namespace only', () => {
    const sameName = { nameFor: () => 'one' };
    const taken = (inputs: Partial<ConvertInput>[], others: Others = {}) =>
      ids(converted(inputs, { ...others, more: sameName }).findings);
    expect(taken([{}], { v1Pools: [v1Pool('one')] })).to.deep.equal(['name-taken']);
    expect(taken([{}], { v1Pools: [v1Pool('one', {}, { namespace: 'web' })] })).to.be.empty;
    expect(taken([{}, { alpha: alphaPool('b') }])).to.deep.equal(['name-taken']);
    expect(taken([{}, { alpha: alphaPool('b', {}, { namespace: 'web' }) }])).to.be.empty;
    expect(taken([{}], { alphaPools: [alphaPool('one')] })).to.deep.equal(['name-collides']);
  });

  it('refuses two names that the chart would cut to the same', () => {
    const nameFor = ({ name }: { name: string }) => `${'x'.repeat(40)}-${name}`;
    const conversion = converted([{}, { alpha: alphaPool('drinks') }], { more: { nameFor } });
    expect(ids(conversion.findings)).to.deep.equal(['name-collides']);
    expect(objectsOf(conversion)).to.have.length(1);
  });
});

describe('converting where the v1 pool is there already', () => {
  it('gives the same as the first time, as long as it is what the alpha pool converts to', () => {
    const first = objectsOf(converted([{ models: [model()] }]))[0]!;
    const existing = { ...v1Pool('food-ga', {}, { uid: '1', resourceVersion: '7' }), status: {} };
    const again = converted([{ models: [model()], existing }]);
    expect(objectsOf(again)[0]).to.deep.equal(first);
    expect(ids(again.findings)).not.to.include('v1-pool-differs');
  });

  it('gives it as it stands where somebody made it otherwise, and says so', () => {
    const picker = { kind: 'Service', name: 'mine', port: { number: 9100 }, failureMode: 'FailOpen' };
    const existing = v1Pool('by-hand', { endpointPickerRef: picker, targetPorts: [{ number: 1 }] });
    const { findings, units } = converted([{ existing }]);
    expect(units[0]!.pool).to.deep.equal({
      ...existing,
      metadata: {
        name: 'by-hand',
        namespace: 'llm',
        annotations: { 'kubectl-infpool/migrated-from': 'food' },
      },
    });
    expect(ids(findings)).to.deep.equal(['v1-pool-differs']);
  });

  it('does not ask for what the alpha pool lacks: it has been decided', () => {
    const { findings, units } = converted([
      { alpha: alphaPool('food', { selector: {} }), existing: v1Pool() },
    ]);
    expect(units[0]!.pool!['spec']).to.deep.equal(v1Pool()['spec']);
    expect(findings.filter(({ severity }) => severity === 'error')).to.be.empty;
  });

  it('points the objectives at it', () => {
    const { units } = converted([{ existing: v1Pool('by-hand'), models: [model()] }]);
    expect(units[0]!.others[0]!['spec'].poolRef.name).to.equal('by-hand');
  });
});

describe('what a conversion says about its options', () => {
  const said = (more: Partial<ConvertOptions>, inputs: Partial<ConvertInput>[] = [{}], others: Others = {}) =>
    converted(inputs, { ...others, more }).findings.map(({ severity, id }) => `${severity} ${id}`);

  it('is that v1 is no allow-list, where there were models', () => {
    expect(said({}, [{ models: [model()] }])).to.include('info unknown-models-pass');
    expect(said({})).to.be.empty;
  });

  it('is that somebody has to bring the picker', () => {
    expect(said({ epp: 'none' })).to.deep.equal(['warning epp-by-user']);
  });

  it('is that a chart does not know Istio', () => {
    expect(said({ provider: 'istio', release: releaseOf('v1.0.0') })).to.deep.equal([
      'error provider-not-in-chart',
    ]);
    expect(said({ provider: 'istio' })).to.be.empty;
    expect(said({ provider: 'istio', release: releaseOf('v1.0.0'), epp: 'none' })).to.deep.equal([
      'warning epp-by-user',
    ]);
  });

  it('is that pickers from v1.4.0 on need room', () => {
    expect(said({ release: releaseOf('v1.4.0') })).to.include('warning heavy-requests');
  });

  it('is that ClusterRoles of one name clash with v1.0.0: for sure here, perhaps with what is there', () => {
    const release = releaseOf('v1.0.0');
    const web = { namespace: 'web' };
    const twice = [{}, { alpha: alphaPool('food', {}, web) }];
    expect(said({ release }, twice)).to.deep.equal(['error cluster-role-clash']);
    expect(said({}, twice)).to.be.empty;
    expect(said({ release }, [{}], { v1Pools: [v1Pool('food-ga', {}, web)] })).to.deep.equal([
      'warning cluster-role-clash',
    ]);
    expect(said({ release }, [{}], { alphaPools: [alphaPool('food-ga', {}, web)] })).to.deep.equal([
      'warning cluster-role-clash',
    ]);
    expect(said({ release }, [{}], { v1Pools: [v1Pool('other', {}, web)] })).to.be.empty;
  });

  it('is nothing where nothing new is made', () => {
    expect(said({ epp: 'none', release: releaseOf('v1.4.0') }, [{ existing: v1Pool() }])).to.be.empty;
  });
});

describe('a v1 pool that rules name beside two alpha pools', () => {
  it('takes over from one of them only; the other is an error, not a second owner', () => {
    const existing = v1Pool('one');
    const { units, findings } = convert(
      [
        { alpha: alphaPool('drinks'), models: [], existing },
        { alpha: alphaPool('food'), models: [], existing },
      ],
      { alphaPools: [], v1Pools: [existing] },
      options,
    );
    expect(units.map(({ pool }) => pool?.metadata.name ?? null)).to.deep.equal(['one', null]);
    expect(ids(findings.filter(({ severity }) => severity === 'error'))).to.deep.equal([
      'counterpart-shared',
    ]);
  });
});
