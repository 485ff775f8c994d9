import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { KubeError, type KubeObject } from '../kube.ts';
import { attachLab, realGitVersion, startLab, type Lab } from '../lab.ts';
import { ensureParts, partNames } from '../parts/parts.ts';
import { identify, isRunning, signal, type ProcessId } from './processes.ts';
import { labDir, readState, sweep } from './state.ts';

const SECOND = 1000;
const player = new URL('fixture-player.ts', import.meta.url).pathname;
const runner = new URL('fixture-runner.ts', import.meta.url).pathname;

async function until(what: string, isSo: () => unknown, seconds = 15): Promise<void> {
  const end = Date.now() + seconds * SECOND;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(20);
  }
}

const processesOf = (lab: string): ProcessId[] => {
  const { keeper, children } = readState(lab)!;
  return [keeper, ...children];
};

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it went through'),
    (error: unknown) => error,
  );

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const configMap = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

describe('the lab', function () {
  this.timeout(60 * SECOND);
  let lab: Lab;
  let upSeconds: number;

  before(async function () {
    this.timeout(3600 * SECOND); // where nothing is built yet
    await ensureParts(partNames);
    const start = Date.now();
    lab = await startLab({ quiet: true, crds: ['gateway-api', 'gie-v0.3.0'] });
    upSeconds = (Date.now() - start) / SECOND;
  });
  after(() => lab?.down());

  const kubectl = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('kubectl', args, { env: { ...process.env, ...lab.env } });
    return stdout;
  };

  it('is up within ten seconds, with CRDs that are served', async () => {
    expect(upSeconds).to.be.below(10);
    expect(await lab.admin.list('inference.networking.x-k8s.io/v1alpha2', 'inferencemodels')).to.deep.equal(
      [],
    );
    expect(await kubectl('api-resources', '-o', 'name')).to.include('httproutes.gateway.networking.k8s.io');
  });

  it('installs more CRDs later, and is found by another process by its name', async () => {
    await attachLab(lab.name).installCrds(['gie-v1.0.0']);
    expect(await lab.admin.list('inference.networking.k8s.io/v1', 'inferencepools')).to.deep.equal([]);
  });

  it('has kubectl and helm of the pinned versions, in a home of their own', async () => {
    expect(await kubectl('version')).to.match(/Client Version: v1\.34\.2[^]*Server Version: v1\.34\.2/);
    const { stdout } = await promisify(execFile)('helm', ['list', '-A'], {
      env: { ...process.env, ...lab.env },
    });
    expect(stdout).to.match(/^NAME/);
    expect(lab.env['HOME']!.startsWith(lab.dir)).to.equal(true);
  });

  it('lets a restricted user do what the rules say and nothing else', async () => {
    await lab.addUser('reader', [{ verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }]);
    const reader = lab.kube('reader');
    expect(await reader.list('v1', 'configmaps')).to.be.an('array');
    for (const forbidden of [() => reader.list('v1', 'secrets'), () => reader.apply(namespace('mine'))]) {
      expect(await rejection(forbidden())).to.include({ status: 403, reason: 'Forbidden' });
    }
  });

  it('gives rights in one namespace only', async () => {
    await lab.admin.apply(namespace('team-a'));
    await lab.addUser('team-a', [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }], ['team-a']);
    expect(await lab.kube('team-a').list('v1', 'pods', 'team-a')).to.deep.equal([]);
    expect(await rejection(lab.kube('team-a').list('v1', 'pods'))).to.include({ status: 403 });
  });

  it('has a user without rights, and one whose token is no longer known', async () => {
    await lab.addUser('nobody', []);
    expect(await rejection(lab.kube('nobody').list('v1', 'pods'))).to.include({ status: 403 });
    expect(await rejection(lab.kube('expired').list('v1', 'pods'))).to.include({ status: 401 });
    expect(existsSync(lab.kubeconfig('expired'))).to.equal(true);
  });

  it('runs controllers: a Deployment becomes a ReplicaSet and a Pod', async () => {
    const labels = { app: 'x' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await lab.admin.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x', namespace: 'default' },
      spec: { selector: { matchLabels: labels }, template },
    });
    await until('the pod', async () => (await lab.admin.list('v1', 'pods', 'default')).length === 1);
  });

  it('finishes deleting a namespace with objects in it', async () => {
    await lab.admin.apply(namespace('short-lived'));
    const inside = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'short-lived' } };
    await lab.admin.apply(inside);
    await lab.admin.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'short-lived' });
    expect(await lab.admin.list('v1', 'configmaps', 'short-lived')).to.deep.equal([]);
  });

  it('tells a watcher every change once, and of a kind installed only later', async () => {
    const events: string[] = [];
    const abort = new AbortController();
    const tell = (type: string, { metadata }: KubeObject) => events.push(`${type} ${metadata.name}`);
    const watching = [
      lab.admin.watch(
        'v1',
        'configmaps',
        (type, object) => object['data']?.watched && tell(type, object),
        abort.signal,
      ),
      lab.admin.watch('example.com/v1', 'things', tell, abort.signal),
    ];
    await lab.admin.apply(configMap('w', { watched: '1' }));
    await until('ADDED', () => events.includes('ADDED w'));
    await lab.admin.apply(configMap('w', { watched: '2' }));
    await lab.admin.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'w' });
    await until('DELETED', () => events.includes('DELETED w'));
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    await lab.admin.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    });
    const thing = {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 't', namespace: 'default' },
    };
    await until('the kind', () =>
      lab.admin.apply(thing).then(
        () => true,
        () => false,
      ),
    );
    await until('ADDED t', () => events.includes('ADDED t'));
    abort.abort();
    await Promise.all(watching);
    expect(events).to.deep.equal(['ADDED w', 'MODIFIED w', 'DELETED w', 'ADDED t']);
  });

  it('runs scripts that find the lab, and ends them with what they started', async () => {
    const { value, stop } = await lab.run({ script: player, args: ['--x'], ready: true });
    expect(value).to.deep.include({ server: lab.server, args: ['--x'] });
    const child = identify((value as { child: number }).child)!;
    await stop();
    await until('its child to be gone', () => !isRunning(child));
    const known = () => readState(lab.name)!.children.map(({ name }) => name);
    await until('the lab to know of it no more', () => !known().includes('fixture-player'));
  });

  it('plays another version, passing everything else through', async () => {
    const gke = await startLab({ quiet: true, gitVersion: 'v1.33.5-gke.1200000', controllerManager: false });
    try {
      const [played, real] = await Promise.all(
        [gke, lab].map((each) => each.admin.request('GET', '/version')),
      );
      expect(played).to.include({ gitVersion: 'v1.33.5-gke.1200000', major: '1', minor: '33' });
      expect(real).to.include({ gitVersion: realGitVersion, minor: '34' });
      expect(played.platform).to.equal(real.platform);

      const events: string[] = [];
      const abort = new AbortController();
      const watching = gke.admin.watch(
        'v1',
        'configmaps',
        (type, { metadata }) => events.push(type + metadata.name),
        abort.signal,
      );
      await gke.admin.apply(configMap('big', { text: 'x'.repeat(500_000) }));
      await until('the event', () => events.includes('ADDEDbig'));
      abort.abort();
      await watching;
      expect(await rejection(gke.kube('expired').request('GET', '/version'))).to.include({ status: 401 });
      expect(await rejection(gke.admin.request('GET', '/nowhere'))).to.be.instanceOf(KubeError);

      // Two labs side by side know nothing of each other.
      expect(await lab.admin.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'big' })).to.equal(undefined);
      expect(await rejection(gke.kube('admin').list('gateway.networking.k8s.io/v1', 'gateways'))).to.include({
        status: 404,
      });
    } finally {
      await gke.down();
    }
  });

  it('leaves nothing behind when it is taken down', async () => {
    const other = await startLab({ quiet: true, extra: [{ script: player, ready: true }] });
    const all = processesOf(other.name);
    expect(all).to.have.length(5);
    await other.down();
    expect(all.filter(isRunning)).to.deep.equal([]);
    expect(existsSync(other.dir)).to.equal(false);
  });

  for (const how of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
    it(`leaves nothing behind when its runner ends by ${how}`, async () => {
      const child = fork(runner);
      const [name] = (await once(child, 'message')) as [string];
      const all = processesOf(name);
      expect(all.filter(isRunning)).to.have.length(5);
      child.kill(how);
      await until('all its processes to be gone', () => all.every((id) => !isRunning(id)));
      await until('its folder to be gone', () => !existsSync(labDir(name)));
    });
  }

  it('leaves nothing behind when its keeper is killed: the next one clears up', async () => {
    const child = fork(runner);
    const [name] = (await once(child, 'message')) as [string];
    const all = processesOf(name);
    signal(identify(child.pid!)!, 'SIGSTOP'); // it can't do it itself
    signal(all[0]!, 'SIGKILL');
    await until('the keeper to be gone', () => !isRunning(all[0]!));
    await sweep();
    expect(all.filter(isRunning)).to.deep.equal([]);
    expect(existsSync(labDir(name))).to.equal(false);
    child.kill('SIGKILL');
  });

  it('is cleared up by its runner when its keeper is killed', async () => {
    const other = await startLab({ quiet: true, controllerManager: false });
    const all = processesOf(other.name);
    signal(all[0]!, 'SIGKILL');
    await until('its folder to be gone', () => !existsSync(other.dir));
    expect(all.filter(isRunning)).to.deep.equal([]);
  });
});
