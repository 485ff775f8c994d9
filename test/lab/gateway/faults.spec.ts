import { expect } from 'chai';
import type { Json, KubeObject, KubeRef } from '../kube.ts';
import { FAULT_ANNOTATION } from '../kubelet/runtime.ts';
import { READY_ANNOTATION } from '../kubelet/kubelet.ts';
import { startLab, type Lab } from '../lab.ts';
import { complete, gatewayUrl, serving } from '../scenarios/building-blocks.ts';
import { kubectl } from '../scenarios/commands.ts';
import { fixtureObjects } from '../scenarios/fixtures.ts';
import { preview, type Preview } from '../scenarios/preview.ts';
import { startPlayers, type Players } from '../scenarios/players.ts';
import { until, waitFor } from '../scenarios/wait.ts';
import { startGateway } from './controller.ts';

const gatewayApi = 'gateway.networking.k8s.io/v1';

describe('faults that can be set on a lab', function () {
  this.timeout(120_000);
  let lab: Lab;
  let players: Players;
  let made: Preview;
  const ref = (apiVersion: string, kind: string, name: string): KubeRef => ({ apiVersion, kind, name });
  const condition = (conditions: Json[] | undefined, type: string) =>
    (conditions ?? []).find((one) => one.type === type) as Json;
  const annotate = (object: KubeRef, annotations: Record<string, string | null>) =>
    lab.admin.mergePatch(object, { metadata: { annotations } });
  const podsOf = async (label: string, value: string): Promise<KubeObject[]> =>
    (await lab.admin.list('v1', 'pods', 'default')).filter(
      ({ metadata }) => metadata['labels'][label] === value,
    );
  const answers = (status: number) =>
    until(`answers of ${status}`, async () => {
      const all = await Promise.all([0, 1, 2, 3, 4, 5].map(() => complete(made.url, made.model)));
      return all.every((one) => one.status === status);
    });

  before(async () => {
    lab = await startLab({ quiet: true });
    players = await startPlayers(lab.admin);
    made = await preview(lab);
  });
  after(async () => {
    await players?.stop();
    await lab?.down();
  });

  it('a Gateway that is not programmed', async () => {
    const gateway = ref(gatewayApi, 'Gateway', made.gateway);
    const programmed = (status: string) =>
      waitFor(lab.admin, gateway, (it) => condition(it['status'].conditions, 'Programmed').status === status);
    players.gateway.setFaults({ notProgrammed: true });
    await programmed('False');
    players.gateway.setFaults({});
    await programmed('True');
  });

  it('a controller that has stopped writing: conditions go stale, traffic goes on', async () => {
    players.gateway.setFaults({ frozen: true });
    const route = ref(gatewayApi, 'HTTPRoute', made.route);
    const timeouts = { request: '30s' };
    const before = (await lab.admin.get(route))!;
    const rules = (before['spec'].rules as Json[]).map((rule) => ({ ...rule, timeouts }));
    const changed = await lab.admin.mergePatch(route, { spec: { rules } });
    await serving(made.url, made.model);
    const observed = (it: KubeObject) =>
      condition(it['status'].parents[0].conditions, 'Accepted').observedGeneration as number;
    expect(observed((await lab.admin.get(route))!)).to.be.lessThan(changed.metadata['generation']);
    players.gateway.setFaults({});
    await waitFor(lab.admin, route, (it) => observed(it) === it.metadata['generation']);
  });

  it('a route that is refused is not served', async () => {
    players.gateway.setFaults({ refusedRoutes: [`default/${made.route}`] });
    await answers(404);
    players.gateway.setFaults({});
    await answers(200);
  });

  it('a pod that is not ready gets no traffic', async () => {
    const [first] = await podsOf('app', made.app);
    await annotate(ref('v1', 'Pod', first!.metadata.name), { [READY_ANNOTATION]: 'false' });
    await until('traffic to leave the pod', async () => {
      const all = await Promise.all([0, 1, 2, 3, 4, 5].map(() => complete(made.url, made.model)));
      return all.every(({ pod }) => pod !== first!.metadata.name);
    });
    await annotate(ref('v1', 'Pod', first!.metadata.name), { [READY_ANNOTATION]: null });
  });

  it('model servers that fail, by annotation and from the test', async () => {
    const pods = await podsOf('app', made.app);
    const all = (fault: string | null) =>
      Promise.all(
        pods.map(({ metadata }) => annotate(ref('v1', 'Pod', metadata.name), { [FAULT_ANNOTATION]: fault })),
      );
    await all('status=500');
    await answers(500);
    await all('none');
    await answers(200);
    await all(null);
    for (const server of players.servers.of('default')) server.fault = { status: 503 };
    await answers(503);
    for (const server of players.servers.of('default')) server.fault = undefined;
    await answers(200);
  });

  it('an endpoint picker that is not ready: its Deployment is not, and Envoy would answer 500', async () => {
    const epp = `${made.release}-epp`;
    players.kubelet.setReady((pod) => pod.metadata['labels']?.inferencepool !== epp);
    await answers(500);
    const deployment = ref('apps/v1', 'Deployment', epp);
    await waitFor(lab.admin, deployment, (it) => it['status'].readyReplicas === undefined);
    players.kubelet.setReady(() => true);
    await answers(200);
  });

  it('survives pods being replaced under traffic', async () => {
    const bad: number[] = [];
    let going = true;
    const traffic = (async () => {
      while (going) {
        const { status } = await complete(made.url, made.model);
        if (status !== 200) bad.push(status);
      }
    })();
    const old = await podsOf('app', made.app);
    for (const { metadata } of old.slice(0, 2)) {
      await kubectl(lab, ['delete', 'pod', metadata.name]);
      await waitFor(
        lab.admin,
        ref('apps/v1', 'Deployment', made.app),
        (it) => it['status'].readyReplicas === 3,
      );
    }
    going = false;
    await traffic;
    expect(bad).to.deep.equal([]);
  });

  it('a second controller that serves v1 only, beside the first', async () => {
    const controllerName = 'istio.io/gateway-controller';
    const istio = await startGateway({ kube: lab.admin, controllerName, serves: 'v1' });
    try {
      const [gatewayClass] = fixtureObjects('gateway-class');
      const [gateway] = fixtureObjects('gateway');
      await lab.admin.apply({ ...gatewayClass!, metadata: { name: 'istio' }, spec: { controllerName } });
      await lab.admin.apply({
        ...gateway!,
        metadata: { name: 'mesh' },
        spec: { ...gateway!['spec'], gatewayClassName: 'istio' },
      });
      const route = ref(gatewayApi, 'HTTPRoute', made.route);
      const parentRefs = [{ name: made.gateway }, { name: 'mesh' }];
      await lab.admin.mergePatch(route, { spec: { parentRefs } });
      const now = await waitFor(lab.admin, route, (it) =>
        [made.gateway, 'mesh'].every((name) =>
          (it['status'].parents as Json[]).some(({ parentRef }) => parentRef.name === name),
        ),
      );
      const of = (name: string) =>
        (now['status'].parents as Json[]).find(({ parentRef }) => parentRef.name === name) as Json;
      expect(condition(of('mesh').conditions, 'ResolvedRefs').reason).to.equal('InvalidKind');
      expect(condition(of(made.gateway).conditions, 'ResolvedRefs').status).to.equal('True');
      expect((await complete(await gatewayUrl(lab, 'default', 'mesh'), made.model)).status).to.equal(500);
      expect((await complete(made.url, made.model)).status).to.equal(200);
    } finally {
      await istio.stop();
    }
  });
});
