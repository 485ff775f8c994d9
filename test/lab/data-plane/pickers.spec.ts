// Endpoint pickers that are wrong in ways seen in the field, and releases that do more: all of them real.
import { expect } from 'chai';
import { may } from '../control-plane/access.ts';
import type { KubeError } from '../kube.ts';
import { startLab, type Lab } from '../lab.ts';
import { kubectl } from '../scenarios/commands.ts';
import { fixtureNames } from '../scenarios/fixtures.ts';
import { startPlayers, type Players } from '../scenarios/players.ts';
import { preview, type Preview } from '../scenarios/preview.ts';
import { deploymentReady, until, waitFor } from '../scenarios/wait.ts';
import { ALPHA_GROUP, applyRules, backend, installPool, POOL_HEADER, routeTo, V1_GROUP } from './pools.ts';

describe('endpoint pickers, right and wrong', function () {
  this.timeout(120_000);
  let lab: Lab;
  let players: Players;
  let made: Preview;
  const MODEL = 'food-review';

  const post = async (pool: string, { model = MODEL, path = '/v1/completions' } = {}) => {
    const headers = { [POOL_HEADER]: pool };
    const body = JSON.stringify({ model, prompt: 'hi' });
    const response = await fetch(made.url + path, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const deployment = (pool: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${pool}-epp` });
  const readyPods = async (pool: string) =>
    ((await lab.admin.get(deployment(pool)))!['status'].readyReplicas ?? 0) as number;
  const refer = (name: string, endpointPickerRef: object) =>
    lab.admin.mergePatch(
      { apiVersion: `${V1_GROUP}/v1`, kind: 'InferencePool', name },
      { spec: { endpointPickerRef } },
    );
  const mayList = (serviceAccount: string) =>
    may(lab.admin, {
      user: `system:serviceaccount:default:${serviceAccount}`,
      resourceAttributes: {
        namespace: 'default',
        group: V1_GROUP,
        resource: 'inferencepools',
        verb: 'list',
      },
    });
  const answers = (pool: string, status: number) =>
    until(`${pool} to answer ${status}`, async () => (await post(pool)).status === status);

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    lab = await startLab({ quiet: true });
    players = await startPlayers(lab.admin, { dataPlane: 'envoy', backoffMs: 500 });
    made = await preview(lab);
    await lab.installCrds(['gie-v1.3.1']);
    await Promise.all([
      installPool(lab, 'good'),
      installPool(lab, 'new', 'v1.3.1', [
        'inferenceExtension.monitoring.prometheus.enabled=false',
        'inferenceExtension.monitoring.prometheus.auth.enabled=false',
      ]),
      installPool(lab, 'wrong-group', 'v1.0.1', [
        'inferenceExtension.flags[0].name=pool-group',
        `inferenceExtension.flags[0].value=${ALPHA_GROUP}`,
      ]),
      installPool(lab, 'unknown', 'v1.0.0', ['inferenceExtension.image.tag=v9.9.9']),
      installPool(lab, 'no-rbac').then(() => kubectl(lab, ['delete', 'rolebinding', 'no-rbac-epp'])),
    ]);
    // The picker may have come up before its rights went; and the API server goes by what it has heard of RBAC,
    // so one that comes up at once may still be let in.
    await until('no-rbac to have no rights', async () => !(await mayList('no-rbac-epp')));
    await kubectl(lab, ['delete', 'pod', '--wait=false', '-l', 'inferencepool=no-rbac-epp']);
    await Promise.all(
      ['good', 'new'].map((pool) => waitFor(lab.admin, deployment(pool), deploymentReady, 60)),
    );
    await routeTo(
      lab,
      ['good', 'new', 'wrong-group', 'unknown', 'no-rbac'].map((name) => ({ name })),
    );
    await answers('good', 200);
  });
  after(async () => {
    await players?.stop();
    await lab?.down();
  });

  it('right ones serve, each pool by its own, beside the alpha one', async () => {
    for (const pool of ['good', 'new']) {
      const { headers } = await post(pool);
      expect(headers.get('x-served-pool')).to.equal(`${V1_GROUP}/default/${pool}`);
      expect(headers.get('x-pod')).to.match(/^vllm-/);
    }
    const { headers } = await post('none');
    expect(headers.get('x-served-pool')).to.equal(`${ALPHA_GROUP}/default/${fixtureNames.release}`);
  });

  it('tell through the API server what they have picked, unless they ask who it is', async () => {
    const metrics = (pool: string) => {
      const [picker] = players.pickers!.of('default', `${pool}-epp`);
      const path = `/api/v1/namespaces/default/pods/${picker!.pod.metadata.name}:9090/proxy/metrics`;
      return lab.admin.request('GET', path);
    };
    await post('new');
    // The API server passes nobody's token on.
    expect(await metrics('good').catch((error: KubeError) => error.status)).to.equal(401);
    expect(await metrics('new')).to.match(/^inference_\w*request_total\{.*food-review/m);
  });

  it('one that looks for a pool of the other group is never ready and serves nothing', async () => {
    expect(await readyPods('wrong-group')).to.equal(0);
    const { status, headers } = await post('wrong-group');
    expect(status).to.equal(500);
    expect(headers.get('x-served-pool')).to.equal(`${V1_GROUP}/default/wrong-group`);
    const [picker] = players.pickers!.of('default', 'wrong-group');
    expect(picker!.pid, 'it runs all the same').to.be.a('number');
  });

  it('one without RBAC is never ready: the API server really refuses its ServiceAccount', async () => {
    expect(await readyPods('no-rbac')).to.equal(0);
    expect((await post('no-rbac')).status).to.equal(500);
    // The one that had its rights may still be ending: whichever says so is the other.
    const logs = () =>
      players.pickers!.of('default', 'no-rbac').map(({ pod }) => lab.log(`default.${pod.metadata.name}`));
    const refused = /serviceaccount:default:no-rbac-epp.*cannot (list|watch)/;
    await until('its log to say so', async () => {
      if (!logs().some((log) => refused.test(log)))
        throw new Error(
          `so far: ${logs()
            .map((log) => log.slice(-1000))
            .join('\n\n')}`,
        );
      return Promise.resolve(true);
    });
    // … and it is, once it may.
    await kubectl(lab, [
      ...['create', 'rolebinding', 'no-rbac-epp', '--role=no-rbac-epp'],
      '--serviceaccount=default:no-rbac-epp',
    ]);
    await kubectl(lab, ['delete', 'pod', '--wait=false', '-l', 'inferencepool=no-rbac-epp']);
    await waitFor(lab.admin, deployment('no-rbac'), deploymentReady);
    await answers('no-rbac', 200);
  });

  it('an image that nobody has is not pulled, and its pod says why', async () => {
    const pods = await lab.admin.list('v1', 'pods', 'default');
    const pod = pods.find(({ metadata }) => metadata.name.startsWith('unknown-epp'))!;
    expect(pod['status'].containerStatuses[0].state.waiting.reason).to.equal('ErrImagePull');
    expect((await post('unknown')).status).to.equal(500);
  });

  it('a port of the Service that is not the picker’s fails, even where the pool fails open', async () => {
    await refer('good', { port: { number: 9090 } });
    await answers('good', 500);
    // Envoy can't take back a body that it has begun to stream to something that turns out to be no picker.
    await refer('good', { failureMode: 'FailOpen' });
    expect((await post('good')).status).to.equal(500);
    await refer('good', { port: { number: 9002 }, failureMode: 'FailClose' });
    await answers('good', 200);
  });

  it('a pool that fails open is served without its picker, one that fails closed is not', async () => {
    const [picker] = players.pickers!.of('default', 'good-epp');
    await picker!.kill({ forGood: true });
    await answers('good', 500);
    await refer('good', { failureMode: 'FailOpen' });
    await answers('good', 200);
    picker!.revive();
    await waitFor(lab.admin, deployment('good'), deploymentReady);
    await refer('good', { failureMode: 'FailClose' });
    await answers('good', 200);
  });

  it('v1.3 renames by an InferenceModelRewrite, v1.0 does not', async () => {
    const rewrite = (pool: string) => ({
      apiVersion: `${ALPHA_GROUP}/v1alpha2`,
      kind: 'InferenceModelRewrite',
      metadata: { name: pool },
      spec: {
        poolRef: { group: V1_GROUP, name: pool },
        rules: [
          {
            matches: [{ model: { type: 'Exact', value: 'reviews' } }],
            targets: [{ modelRewrite: MODEL, weight: 1 }],
          },
        ],
      },
    });
    for (const pool of ['new', 'good']) await lab.admin.apply(rewrite(pool));
    const ask = async () => post('new', { model: 'reviews' });
    const answer = await until('the rewrite', async () => {
      const it = await ask();
      return it.status === 200 && it;
    });
    expect(JSON.parse(answer.text)).to.include({ model: MODEL });
    expect((await post('good', { model: 'reviews' })).status).to.equal(404);
  });

  it('routes match, mirror and change headers as they say', async () => {
    const backendRef = { group: V1_GROUP, kind: 'InferencePool', name: 'good' };
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef } };
    const change = {
      type: 'ResponseHeaderModifier',
      responseHeaderModifier: { set: [{ name: 'x-hello', value: '100%' }] },
    };
    // The last rule's reference is never resolved, so the route as a whole is not waited for.
    await applyRules(lab, [
      {
        matches: [{ path: { type: 'Exact', value: '/v1/completions' }, method: 'POST' }],
        filters: [mirror, change],
        backendRefs: [backend(V1_GROUP, 'new')],
      },
      {
        matches: [{ path: { type: 'PathPrefix', value: '/v1' } }],
        backendRefs: [backend(V1_GROUP, 'new', 0)],
      },
      {
        matches: [{ path: { type: 'PathPrefix', value: '/half' } }],
        backendRefs: [backend(V1_GROUP, 'gone'), backend(V1_GROUP, 'good')],
      },
    ]);
    const asked = () => players.servers.of('default').reduce((sum, server) => sum + server.asked.length, 0);
    const before = asked();
    let served = 0;
    const answer = await until('the new rules', async () => {
      const it = await post('new');
      if (it.status === 200) served++;
      return it.headers.get('x-hello') === '100%' && it;
    });
    expect(answer.status).to.equal(200);
    // Its mirror comes on its own time, maybe after the answer.
    await until('the mirrored request', async () => Promise.resolve(asked() === before + served + 1));
    const nothing = await post('new', { path: '/v1/other' });
    expect([nothing.status, nothing.text]).to.deep.equal([500, 'the rule has no backend\n']);
    expect((await post('new', { path: '/v10' })).status).to.equal(404);
    const half = await Promise.all(Array.from({ length: 30 }, () => post('x', { path: '/half' })));
    const statuses = Map.groupBy(half, ({ status }) => status);
    expect([...statuses.keys()].sort()).to.deep.equal([404, 500]);
  });
});
