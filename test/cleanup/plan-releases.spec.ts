import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { type CleanupPlan } from '../../src/cleanup/plan.ts';
import {
  alphaPool,
  byHelm,
  crd,
  model,
  object,
  policy,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { EPP, epp, plan, brief, names, held, stack } from './stage.ts';

const alphaCrds = [crd(r.ALPHA_POOL), crd(r.MODEL)];

describe('cleaning up a pool of a Helm release', () => {
  const charted = alphaPool('food', {}, byHelm('rel'));
  const healthOf = policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, byHelm('rel', { name: 'food' }));
  const mine = policy(r.GCP_BACKEND_POLICY, toAlpha(), {}, { name: 'mine' });
  const account = object(r.SERVICE_ACCOUNT, EPP);
  const releaseObjects = [account, charted, healthOf, epp.service, epp.deployment];
  const objects = [charted, v1Pool(), model('a'), healthOf, mine, route([[toV1()]])];
  const world = { objects, more: { owners: 'helm-uninstall' as const }, target: { releaseObjects } };

  it('uninstalls the release in the place of the pool, after it has deleted itself what is not in it', () => {
    const all = plan(world);
    expect(brief(all.steps)).to.deep.equal([
      'delete GCPBackendPolicy mine',
      'delete InferenceModel a',
      'helm InferencePool food',
      'wait InferencePool food',
    ]);
    expect(all.steps[2]).to.deep.include({
      verb: 'uninstall',
      release: 'rel',
      namespace: 'llm',
      args: ['uninstall', 'rel', '--namespace', 'llm', '--wait'],
    });
    expect(held(all)).to.be.empty;
  });

  it('deletes an endpoint picker that is not in the release before the release takes the pool', () => {
    const all = plan({ ...world, target: { releaseObjects: [account, charted, healthOf] } });
    expect(brief(all.steps).slice(-4)).to.deep.equal([
      `delete Deployment ${EPP}`,
      `delete Service ${EPP}`,
      'helm InferencePool food',
      'wait InferencePool food',
    ]);
  });

  it('ends an uninstall that was interrupted when the pool was gone already, before the CRDs', () => {
    const interrupted = [{ release: 'rel', namespace: 'llm', pool: refOf(alphaPool()), objects: [account] }];
    const more = { crds: true, crdObjects: alphaCrds, interrupted };
    const all = plan({ objects: [v1Pool()], more });
    expect(brief(all.steps)).to.deep.equal([
      'helm InferencePool food',
      ...alphaCrds.map(({ metadata }) => `delete CustomResourceDefinition ${metadata.name}`),
    ]);
    expect(all.steps[0]).to.deep.include({ args: ['uninstall', 'rel', '--namespace', 'llm', '--wait'] });
    expect(names(all.backup)).to.include(`ServiceAccount ${EPP}`);
  });

  it('backs up what helm takes away, too', () => {
    expect(names(plan(world).backup)).to.deep.equal([
      `ServiceAccount ${EPP}`,
      `Service ${EPP}`,
      `Deployment ${EPP}`,
      'InferencePool food',
      'InferenceModel a',
      'GCPBackendPolicy mine',
      'HealthCheckPolicy food',
    ]);
  });

  it('is held up when the release holds more, or something else is owned by someone else', () => {
    const more = {
      ...world,
      target: { releaseObjects: [...releaseObjects, route(undefined, { name: 'x' })] },
    };
    expect(held(plan(more))).to.deep.equal(['release-holds-more']);
    const argo = model('a', {}, { labels: { 'argocd.argoproj.io/instance': 'app' } });
    expect(held(plan({ ...world, objects: [charted, v1Pool(), argo] }))).to.deep.equal(['owned']);
  });
});

describe('cleaning up the CRDs', () => {
  const withCrds = { crds: true, crdObjects: alphaCrds };

  it('deletes the two alpha ones last, and backs them up first', () => {
    const all = plan({ objects: stack, more: withCrds });
    expect(brief(all.steps).slice(-2)).to.deep.equal(
      alphaCrds.map(({ metadata }) => `delete CustomResourceDefinition ${metadata.name}`),
    );
    expect(names(all.backup).slice(0, 2)).to.deep.equal(
      alphaCrds.map(({ metadata }) => `CustomResourceDefinition ${metadata.name}`),
    );
    expect(held(all)).to.be.empty;
  });

  it('never deletes another one, whatever it is given', () => {
    const given = [...alphaCrds, crd(r.OBJECTIVE, 'v1.0.0'), crd(r.V1_POOL, 'v1.0.0')];
    const all = plan({ objects: stack, more: { crds: true, crdObjects: given } });
    expect(brief(all.steps).filter((step) => step.includes('CustomResourceDefinition'))).to.have.length(2);
    expect(names(all.backup).filter((name) => name.startsWith('CustomResource'))).to.have.length(2);
  });

  it('is held up by every object of them that this does not delete, in any namespace', () => {
    const left = [
      alphaPool('drinks', { selector: { a: 'b' } }),
      model('z', {}, { namespace: 'web' }),
      alphaPool('food', {}, { namespace: 'web' }),
    ];
    const { interlocks } = plan({ objects: [...stack, ...left], pools: [], more: withCrds });
    expect(held({ interlocks } as CleanupPlan)).to.deep.equal(
      Array.from({ length: 6 }, () => 'crd-has-objects'),
    );
    expect(interlocks.every(({ forceable }) => !forceable)).to.be.true;
  });

  it('alone works when nothing is left', () => {
    const all = plan({ objects: [v1Pool()], more: withCrds });
    expect(brief(all.steps)).to.have.length(2);
    expect(held(all)).to.be.empty;
  });
});
