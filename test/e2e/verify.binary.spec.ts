// Every way in which a stack fails has an id and a hint of its own.
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import { until, waitFor } from '../lab/scenarios/wait.ts';
import { readerBut } from './samples.ts';
import { Bench, GATEWAY_API, V1 } from './support.ts';

const NS = 'verify';
const EPP = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NS, name: `${NS}-ga-epp` };
const SERVICE = { apiVersion: 'v1', kind: 'Service', namespace: NS, name: `${NS}-ga-epp` };
const POOL = { apiVersion: V1, kind: 'InferencePool', namespace: NS, name: `${NS}-ga` };
const ROUTE = { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: NS, name: 'llm-route' };

describe('verify', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
    await bench.preview(NS);
    await bench.side(NS);
    await bench.done(['split', '50', '-n', NS, '--yes']);
    await passes();
  });
  after(() => bench?.end());
  // Whatever a test broke is whole again, or the next one would lie.
  afterEach(passes);

  const verify = async (...args: string[]): Promise<Json> => {
    const { code, stdout, stderr } = await bench.infpool(['verify', '-n', NS, '-o', 'json', ...args]);
    expect(stdout, stderr).not.to.equal('');
    return { code, ...(JSON.parse(stdout) as object) } as unknown as Json;
  };
  const bad = ({ checks }: Json): Json[] =>
    (checks as Json[]).filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');

  async function passes(): Promise<void> {
    await until('everything to pass', async () => {
      const { code, ...report } = await verify();
      if (code !== 0) throw new Error(JSON.stringify(bad(report as Json)));
      return true;
    });
  }

  /** Waits until the binary sees the failure; then its id, its hint and what a person reads. */
  async function expectFailure(id: string, evidence: RegExp, ...args: string[]): Promise<void> {
    const check = await until(`verify to see ${id}`, async () => {
      const report = await verify(...args);
      const seen = bad(report);
      const found = seen.find((one) => one.id === id && evidence.test(one.evidence as string));
      if (!found) throw new Error(JSON.stringify(seen));
      expect(report).to.include({ code: 2, verdict: 'fail' });
      return found;
    });
    expect(check.verdict).to.equal('fail');
    expect(check.hint).to.match(/\w+/);
    const { code, stdout, stderr } = await bench.infpool(['verify', '-n', NS, ...args]);
    expect(stdout).to.include(`× ${id}: `).and.include(`→ ${check.hint}`);
    expect(stdout).to.match(/Verification: fail\n$/);
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: '' });
  }

  /** Sets an object to something else while `work` is done. */
  async function changed(ref: typeof EPP, patch: object, work: () => Promise<void>): Promise<void> {
    const before = await bench.get(ref);
    await bench.lab.admin.mergePatch(ref, patch);
    try {
      await work();
    } finally {
      await bench.lab.admin.mergePatch(ref, { spec: before['spec'] });
    }
  }

  async function faulty(
    fault: Parameters<Bench['players']['gateway']['setFaults']>[0],
    work: () => Promise<void>,
  ) {
    bench.players.gateway.setFaults(fault);
    try {
      await work();
    } finally {
      bench.players.gateway.setFaults({});
    }
  }

  const withArgument = async (name: string, value: string): Promise<object> => {
    const { spec } = (await bench.get(EPP)) as KubeObject & { spec: Json };
    const template = structuredClone(spec.template);
    const args = template.spec.containers[0].args as string[];
    const at = args.findIndex((arg) => arg.replace(/^-+/, '') === name);
    expect(at, `${name} in ${args.join(' ')}`).to.be.at.least(0);
    args[at + 1] = value;
    return { spec: { template } };
  };

  it('passes tersely: a line a group, no hint', async () => {
    const { stdout, stderr } = await bench.done(['verify', '-n', NS]);
    expect(stderr).to.equal('');
    expect(stdout).not.to.include('→');
    expect(stdout.split('\n').length).to.be.below(12);
    expect(stdout).to.match(/Verification: pass\n$/);
  });

  it('the Gateway is not programmed', () =>
    faulty({ notProgrammed: true }, () => expectFailure('gateway-programmed', /Programmed=False/)));

  it('a condition is stale', () =>
    faulty({ frozen: true }, () =>
      changed(ROUTE, { spec: { hostnames: ['stale.example.com'] } }, () =>
        expectFailure('route-current', /older than the spec.*generation/),
      ),
    ));

  it('the route is not accepted', () =>
    faulty({ refusedRoutes: [`${NS}/llm-route`] }, () => expectFailure('route-accepted', /Accepted=False/)));

  it('a ref is unresolved', async () => {
    const { spec } = await bench.route(NS);
    const rules = structuredClone((spec as Json).rules);
    rules[0].backendRefs.push({ kind: 'Service', name: 'not-there', port: 80, weight: 0 });
    await changed(ROUTE, { spec: { rules } }, () => expectFailure('route-refs-resolved', /BackendNotFound/));
  });

  it("the endpoint picker's Deployment is not ready", async () => {
    bench.players.kubelet.setReady(({ metadata }) => !metadata.name.startsWith(EPP.name));
    try {
      await expectFailure('epp-deployment-ready', /0 of 1 ready/);
    } finally {
      bench.players.kubelet.setReady(() => true);
    }
  });

  it('its arguments name another pool', async () =>
    changed(EPP, await withArgument('pool-name', 'another'), () =>
      expectFailure('epp-pool', /verify\/another/),
    ));

  it('its arguments name another group', async () => {
    const { spec } = (await bench.get(EPP)) as KubeObject & { spec: Json };
    const template = structuredClone(spec.template);
    template.spec.containers[0].args.push('--pool-group', 'inference.networking.x-k8s.io');
    await changed(EPP, { spec: { template } }, () => expectFailure('epp-group', /x-k8s\.io/));
  });

  it('its Service has another port', async () => {
    const { spec } = (await bench.get(SERVICE)) as KubeObject & { spec: Json };
    const ports = (spec.ports as Json[]).map((port) => (port.port === 9002 ? { ...port, port: 9999 } : port));
    await changed(SERVICE, { spec: { ports } }, () =>
      expectFailure('epp-service-port', /names port 9002; the Service has .*9999/),
    );
  });

  it('no pod matches the selector', () =>
    changed(POOL, { spec: { selector: { matchLabels: { app: 'nobody' } } } }, () =>
      expectFailure('pods-match', /0 pods with app=nobody/),
    ));

  const faults = {
    'answers 404': ['probe-not-found', { status: 404 }, / 404 /],
    'answers 500': ['probe-server-error', { status: 500 }, / 500 /],
    hangs: ['probe-timeout', { hang: true }, /no answer within 1 s/],
  } as const;
  for (const [what, [id, fault, evidence]] of Object.entries(faults))
    it(`the model ${what}`, async () => {
      const servers = bench.players.servers.of(NS);
      for (const server of servers) server.fault = fault;
      try {
        await expectFailure(id, evidence, '--probe-timeout', '1s');
      } finally {
        for (const server of servers) server.fault = undefined;
      }
    });

  it('a model that nobody serves, and an address where nobody listens', async () => {
    await expectFailure('probe-not-found', /"nobody".* 404 /, '--model', 'nobody');
    await expectFailure('probe-unreachable', /127\.0\.0\.1:1.*ECONNREFUSED/, '--address', '127.0.0.1:1');
  });

  it('what could not be read is unknown, and exit 4: never a pass', async () => {
    for (const kind of ['pods', 'services', 'deployments.apps', 'httproutes.gateway.networking.k8s.io']) {
      const user = `without-${kind.split('.')[0]}`;
      await bench.lab.addUser(user, readerBut(kind));
      const { code, stdout } = await bench.infpool(['verify', '-n', NS, '-o', 'json'], { user });
      const report = JSON.parse(stdout) as Json;
      expect(report.verdict, kind).to.equal('unknown');
      expect(
        bad(report).some(
          ({ evidence, hint }) => evidence.includes(kind.split('.')[0]) || hint.includes(kind),
        ),
      ).to.be.true;
      expect(code).to.equal(4);
    }
  });

  it('--wait goes on until it works, and gives up with 124', async () => {
    const servers = bench.players.servers.of(NS);
    for (const server of servers) server.fault = { status: 500 };
    const gaveUp = await bench.infpool(['verify', '-n', NS, '--wait', '--timeout', '1s']);
    expect(gaveUp.code).to.equal(124);
    expect(gaveUp.stdout).to.include('probe-server-error');
    const waiting = bench.infpool(['verify', '-n', NS, '--wait', '--timeout', '30s']);
    await waitFor(bench.lab.admin, ROUTE, () => true);
    for (const server of servers) server.fault = undefined;
    expect((await waiting).code).to.equal(0);
  });
});
