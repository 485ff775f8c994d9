// Istio itself, as a controller that serves v1 only.
import { expect } from 'chai';
import type { Json, KubeObject } from '../kube.ts';
import { startLab, type Lab } from '../lab.ts';
import { backend, installPool, setRules, V1_GROUP } from '../data-plane/pools.ts';
import { complete, serving } from '../scenarios/building-blocks.ts';
import { startPlayers, type Players } from '../scenarios/players.ts';
import { onIstio } from '../scenarios/scenarios.ts';
import type { Preview } from '../scenarios/preview.ts';
import { deploymentReady, until, waitFor } from '../scenarios/wait.ts';
import { ISTIO_CONTROLLER } from './istio.ts';

describe('Istio as the controller', function () {
  this.timeout(120_000);
  let lab: Lab;
  let players: Players;
  let made: Preview;
  const gatewayApi = 'gateway.networking.k8s.io/v1';
  const route = { apiVersion: gatewayApi, kind: 'HTTPRoute', name: 'llm-route' };
  const said = (conditions: Json[] = []) =>
    Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
  const ofIstio = (object: KubeObject) =>
    (object['status']?.parents as Json[] | undefined)?.find(
      ({ controllerName }) => controllerName === ISTIO_CONTROLLER,
    ) as Json;

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    lab = await startLab({ quiet: true, crds: ['gateway-api'] });
    players = await startPlayers(lab.admin, { controller: 'istio' });
    made = await onIstio(lab);
  });
  after(async () => {
    await players?.stop();
    await lab?.down();
  });

  it('programs the Gateway at the address of the data plane', async () => {
    const gateway = await lab.admin.get({ apiVersion: gatewayApi, kind: 'Gateway', name: made.gateway });
    expect(said(gateway!['status'].conditions)).to.include({ Programmed: 'True Programmed' });
    expect(made.url).to.match(/^http:\/\/127\./);
  });

  it('says InvalidKind of an alpha pool, and does not serve it', async () => {
    const it = await waitFor(lab.admin, route, (object) => !!ofIstio(object));
    expect(said(ofIstio(it).conditions)).to.deep.equal({
      Accepted: 'True Accepted',
      ResolvedRefs: 'False InvalidKind',
    });
    const alpha = 'inference.networking.x-k8s.io/v1alpha2';
    const [pool] = await lab.admin.list(alpha, 'inferencepools', 'default');
    expect((pool!['status']?.parent as Json[] | undefined) ?? []).to.satisfy((parents: Json[]) =>
      parents.every(({ parentRef }) => parentRef.name !== made.gateway),
    );
    expect((await complete(made.url, made.model)).status).to.equal(500);
  });

  it('serves a v1 pool, gives it a status and its shadow Service, only once a route names it', async () => {
    await lab.installCrds(['gie-v1.0.1']);
    await installPool(lab, 'ga', 'v1.0.1', ['provider.name=none']);
    await waitFor(lab.admin, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ga-epp' }, deploymentReady);
    const ref = { apiVersion: `${V1_GROUP}/v1`, kind: 'InferencePool', name: 'ga' };
    const shadows = async () =>
      (await lab.admin.list('v1', 'services', 'default')).filter(({ metadata }) =>
        /^ga-ip-/.test(metadata.name),
      );
    expect((await lab.admin.get(ref))!['status']?.parents ?? []).to.deep.equal([]);
    expect(await shadows()).to.deep.equal([]);

    await setRules(lab, [{ backendRefs: [backend(V1_GROUP, 'ga')] }]);
    const now = (await lab.admin.get(route))!;
    expect(said(ofIstio(now).conditions)['ResolvedRefs']).to.equal('True ResolvedRefs');
    const pool = await waitFor(lab.admin, ref, (it) => !!it['status']?.parents?.length);
    expect(said(pool['status'].parents[0].conditions)).to.deep.equal({
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
    });
    await until('the shadow Service', async () => (await shadows()).length === 1);
    const { pool: served } = await serving(made.url, made.model);
    expect(served).to.equal(`${V1_GROUP}/default/ga`);
  });
});
