// What a person reads of a conversion: why each step, and what is in the way. By golden file.
import { expect } from 'chai';
import type { CrdEntry, ServerEntry } from '../../src/api/inventory.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Finding } from '../../src/api/finding.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { UPSTREAM_CHART } from '../../src/convert/chart.ts';
import { clusterRoleFindings } from '../../src/convert/clusterRoles.ts';
import { convert, type ConvertInput, type ConvertOptions } from '../../src/convert/convert.ts';
import { decideCrds } from '../../src/convert/crds.ts';
import { DEFAULT_PRIORITIES } from '../../src/convert/models.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { sharedNames } from '../../src/convert/sharedNames.ts';
import { crdSteps, phaseOneSteps } from '../../src/convert/steps.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, byHelm, crd, model, objective, v1Pool } from '../support/objects.ts';

function told(findings: readonly Finding[]): string {
  return findings
    .map(({ id, severity, ref, field, message, hint }) =>
      [`  ${severity} ${id} at ${[ref?.kind, ref?.name, field].join(' ').trim()}`, message, hint].join(
        '\n    ',
      ),
    )
    .join('\n');
}

const block = (what: string, text: string) => `${what}:\n${text}\n`;

const options: ConvertOptions = {
  release: releaseOf('v1.0.0'),
  priorities: DEFAULT_PRIORITIES,
  provider: 'gke',
  epp: 'chart',
  chart: UPSTREAM_CHART,
  nameFor: ({ name }) => `${name}-ga`,
};

function phaseOne(
  input: Partial<ConvertInput>,
  live: KubeObject[] = [],
  more: Partial<ConvertOptions> = {},
  lost: KubeObject[] = [],
) {
  const all = { ...options, ...more };
  const byKey = new Map(live.map((object) => [refKey(refOf(object)), object]));
  const inputs = [{ alpha: alphaPool(), models: [], existing: null, ...input }];
  return phaseOneSteps(convert(inputs, { alphaPools: [], v1Pools: [] }, all), {
    crdManifests: new Map(),
    decisions: [],
    live: (object) => byKey.get(refKey(refOf(object))),
    epp: all.epp,
    chart: all,
    withoutPicker: new Set(lost.map((pool) => refKey(refOf(pool)))),
  });
}

describe('what is said of a conversion', () => {
  it('of its ClusterRoles', () => {
    const made = (name: string, namespace: string) => ({
      alpha: alphaPool(name, {}, { namespace }),
      pool: v1Pool(`${name}-ga`, {}, { namespace }),
    });
    const there = [
      v1Pool('food-ga', {}, { namespace: 'other' }),
      v1Pool('x', { endpointPickerRef: undefined }),
    ];
    const bare = { ...v1Pool('bare'), spec: undefined };
    const long = made(
      'a-pool-with-a-name-that-goes-on-and-on-for-long',
      'a-namespace-with-a-name-that-goes-on-and-on',
    );
    const of = (version: string, pools: ReturnType<typeof made>[], others: KubeObject[] = [...there, bare]) =>
      told(clusterRoleFindings(pools, others, releaseOf(version)));
    expectGolden(
      'convert/cluster-roles.txt',
      [
        block('v1.0.0, beside another of that name', of('v1.0.0', [made('food', 'llm')])),
        block('v1.0.0, in the namespace of the other', of('v1.0.0', [made('food', 'other')])),
        block('v1.0.0, two of one name', of('v1.0.0', [made('a', 'llm'), made('a', 'web')])),
        block('v1.0.1, beside another of that name', of('v1.0.1', [made('food', 'llm')])),
        block('v1.0.1, names that are too long', of('v1.0.1', [long])),
        block('v1.3.1, names that are too long', of('v1.3.1', [long])),
      ].join('\n'),
    );
  });

  it('of models that share a name', () => {
    const aged = (name: string, creationTimestamp?: string) =>
      model(name, { modelName: 'shared' }, creationTimestamp === undefined ? {} : { creationTimestamp });
    const old = aged('old', '2025-01-01T00:00:00Z');
    const young = aged('young', '2026-01-01T00:00:00Z');
    const one = told(sharedNames([young, old, model('alone')]));
    expect(told(sharedNames([old, model('alone'), young])), 'in any order').to.equal(one);
    const same = told(sharedNames([aged('c'), aged('a'), aged('b')]));
    expect(told(sharedNames([aged('b'), aged('a'), aged('c')])), 'of one age').to.equal(same);
    const nameless = told(
      sharedNames([
        { ...model('x'), spec: undefined },
        { ...model('y'), spec: {} },
      ]),
    );
    expectGolden(
      'convert/shared-names.txt',
      [block('two ages', one), block('one age', same), block('no name', nameless)].join('\n'),
    );
  });

  it('of its CRDs', () => {
    const [alpha, v1, objectives] = [r.ALPHA_POOL, r.V1_POOL, r.OBJECTIVE].map(r.qualifiedName);
    const entry = (name: string, state: CrdEntry['state'], bundleVersion: string | null = null) =>
      ({ name, state, bundleVersion }) as CrdEntry;
    const gke = { gitVersion: 'v1.34.0-gke.1626000', gke: true, gkeOwnsV1PoolCrd: true } as ServerEntry;
    const plain = { gitVersion: 'v1.34.2', gke: false, gkeOwnsV1PoolCrd: false } as ServerEntry;
    const of = (server: ServerEntry | null, ...installed: CrdEntry[]) => {
      const { decisions, findings } = decideCrds(releaseOf('v1.3.1'), server, installed);
      const lines = decisions.map(({ name, action, reason }) => `  ${action} ${name}: ${reason}`);
      return [...lines, ...(findings.length > 0 ? [told(findings)] : [])].join('\n');
    };
    expectGolden(
      'convert/crds.txt',
      [
        block('nothing there', of(plain)),
        block('v0.x', of(plain, entry(alpha!, 'installed'), entry(v1!, 'absent'))),
        block(
          'older, the same, newer',
          of(
            plain,
            entry(v1!, 'installed', 'v1.0.0'),
            entry(objectives!, 'installed', 'v1.3.1'),
            entry(alpha!, 'installed', 'v1.5.0'),
          ),
        ),
        block('unread', of(plain, entry(v1!, 'forbidden' as CrdEntry['state']))),
        block('GKE that brings it', of(gke, entry(v1!, 'installed'))),
        block('GKE that should have brought it', of(gke, entry(v1!, 'absent'))),
        block('GKE of which it is not known', of(gke)),
        block('a server that does not say', of(null)),
      ].join('\n'),
    );
  });

  it('of its steps', () => {
    const models = [model('a'), model('b')];
    const marked = { 'kubectl-infpool/migrated-from': 'food', 'kubectl-infpool/models': '["a","b"]' };
    const helmed = byHelm('food-ga');
    const open = alphaPool('food', { extensionRef: { name: 'food-epp', failureMode: 'FailOpen' } });
    const of = (...args: Parameters<typeof phaseOne>) => {
      const { steps, findings } = phaseOne(...args);
      const lines = steps.map(({ action, ref, reason }) => `  ${action} ${ref.kind} ${ref.name}: ${reason}`);
      return [...lines, ...(findings.length > 0 ? [told(findings)] : [])].join('\n');
    };
    const pool = v1Pool();
    const byRelease = v1Pool('food-ga', {}, helmed);
    const other = { poolRef: { group: r.V1_GROUP, kind: 'InferencePool', name: 'other' } };
    expectGolden(
      'convert/steps.txt',
      [
        block('a pool that fails open', of({ alpha: open, models })),
        block('without a picker of ours', of({ models }, [], { epp: 'none' })),
        block('a pool that is there', of({ models, existing: pool })),
        block('one without its picker', of({ models, existing: pool }, [], {}, [pool])),
        block(
          'one of a release without its picker',
          of({ models, existing: byRelease }, [], {}, [byRelease]),
        ),
        block('one of an install that was interrupted', of({ models, existing: byRelease })),
        block('one that is marked', of({ models, existing: v1Pool('food-ga', {}, { annotations: marked }) })),
        block(
          'objectives of others',
          of({ models }, [objective('a', { priority: 7 }), objective('b', other)]),
        ),
        block(
          'objectives without a pool',
          of({ models }, [
            { ...objective('a'), spec: {} },
            { ...objective('b'), spec: undefined },
          ]),
        ),
      ].join('\n'),
    );
  });

  it('and marks on a pool that is there are our own, and no other', () => {
    const alpha = alphaPool('food', {}, { annotations: { team: 'a' }, labels: { team: 'a' } });
    const [mark] = phaseOne({ alpha, models: [model('a')], existing: v1Pool() }).steps;
    expect(mark!.action === 'apply' && mark!.manifest.metadata).to.deep.equal({
      name: 'food-ga',
      namespace: 'llm',
      annotations: { 'kubectl-infpool/migrated-from': 'food', 'kubectl-infpool/models': '["a"]' },
    });
    const foreign = {
      'kubectl-infpool/migrated-from': 'food',
      'kubectl-infpool/models': '["gone","a"]',
      team: 'b',
    };
    const known = v1Pool('food-ga', {}, { annotations: foreign });
    const { steps } = phaseOne({ alpha, models: [model('a')], existing: known });
    expect(steps.map(({ ref }) => ref.kind)).to.deep.equal(['InferenceObjective', 'InferencePool']);
    expect(steps.at(-1)!.action).to.equal('wait');
  });

  it('and a CRD is applied over the one that is there, or kept', () => {
    const objectives = crd(r.OBJECTIVE, 'v1.3.1');
    const { name } = objectives.metadata;
    const steps = (action: 'keep' | 'install', there?: KubeObject) =>
      crdSteps({
        crdManifests: new Map([[name, objectives]]),
        decisions: [{ name, action, reason: 'so' }],
        live: () => there,
      });
    expect(steps('keep')).to.deep.equal([]);
    expect(steps('install')[0]).to.deep.include({ action: 'crd', live: null, reason: 'so' });
    const old = crd(r.OBJECTIVE, 'v1.0.0');
    expect(steps('install', old)[0]).to.deep.include({ live: old });
  });
});
