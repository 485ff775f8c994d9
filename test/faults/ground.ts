// One namespace with one proxy, and the states that commands leave it in: where one run of a command takes place.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { certificate } from '../lab/connect/gate.ts';
import { FaultyGateway } from '../lab/faults/gateway.ts';
import { FaultProxy, type Hit, type ProxyOptions } from '../lab/faults/proxy.ts';
import type { KubeObject } from '../lab/kube.ts';
import type { Lab } from '../lab/lab.ts';
import { settledDefinitions, putDefinitions } from './definitions.ts';
import { runHere, type Ran } from './in-process.ts';
import { lastingFor } from './lasting.ts';
import { crdsOfV1, type At, type Limits, type Line, type StateName } from './lines.ts';
import { meaning, put, read, stack, stateOf, type State } from './world.ts';

export type Runner = (args: readonly string[], where: { kubeconfig: string; cwd: string }) => Promise<Ran>;

export interface Run extends Ran {
  /** The requests, by their keys, in order. */
  readonly seen: readonly string[];
  /** How often the fault was done. */
  readonly hits: number;
}

/** No command line here takes as long, whatever it meets. */
const HUNG_MS = 120_000;
const HUNG: Ran = { code: -1, stdout: '', stderr: 'it never ended', ms: HUNG_MS };

/** Long enough for a machine that has much else to do: what is not about time must not end for want of it. */
const PATIENT: Limits = { request: '20s', wait: '20s' };

// A limit is only waited for where somebody is silent or slow, or a fault stays; short ones then save hours.
function limitsFor(hit: Hit | null): Limits {
  if (!hit) return PATIENT;
  const silent = hit.fault.does === 'hang' || hit.fault.does === 'drip';
  return { request: silent ? '1s' : PATIENT.request, wait: hit.persistent ? '3s' : PATIENT.wait };
}

export class Ground {
  readonly namespace: string;
  readonly proxy: FaultProxy;
  private readonly gateway: FaultyGateway;
  runner: Runner = runHere;
  private readonly lab: Lab;
  private readonly folder = mkdtempSync(join(tmpdir(), 'infpool-faults-'));
  private readonly crds: string;
  private readonly states: Map<StateName, State>;
  private runs = 0;
  private lasting: ReturnType<typeof lastingFor> = null;
  /** Where it stands, as far as nothing was written since. */
  private stands: StateName | null = null;

  /** Whose namespace it is, where it is not our own. */
  private readonly host: Ground | null;
  private readonly options: ProxyOptions;

  private constructor(
    lab: Lab,
    namespace: string,
    [proxy, gateway]: [FaultProxy, FaultyGateway],
    crds: string,
    options: ProxyOptions,
    host: Ground | null = null,
  ) {
    this.lab = lab;
    this.namespace = namespace;
    this.proxy = proxy;
    this.gateway = gateway;
    this.crds = crds;
    this.options = options;
    this.host = host;
    this.states = host?.states ?? new Map<StateName, State>();
    this.login();
  }

  /** @param index of one digit, so that the names of all grounds are of one length */
  static async start(lab: Lab, index: number, options: ProxyOptions = {}): Promise<Ground> {
    const namespace = `fault${index.toString(36)}`;
    const metadata = { name: namespace };
    await lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
    const ground = new Ground(lab, namespace, await ways(lab, options), await crdsOfV1(), options);
    await ground.learn();
    return ground;
  }

  /** The same namespace by way of another proxy: for commands that only read, several at once. */
  async beside(): Promise<Ground> {
    const { lab, namespace, crds, options } = this;
    const ground = new Ground(lab, namespace, await ways(lab, options), crds, options, this);
    ground.runner = this.runner;
    copyFileSync(join(this.folder, 'written.yaml'), join(ground.folder, 'written.yaml'));
    return ground;
  }

  /** Leaves nothing: a later ground may want to be alone. */
  async stop(): Promise<void> {
    await this.proxy.stop();
    this.gateway.stop();
    if (!this.host) await put(this.lab.admin, this.namespace, new Map());
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts the namespace where the command begins. */
  async begin(line: Pick<Line, 'from' | 'withoutCrds' | 'writes'>): Promise<void> {
    const { from, withoutCrds } = line;
    if (this.host) {
      await this.host.begin(line);
      this.proxy.tape = this.host.proxy.tape;
      return;
    }
    if (line.writes) this.proxy.tape = null;
    const lasting = lastingFor(line);
    if (lasting !== this.lasting) this.proxy.lasts((this.lasting = lasting));
    if (this.stands === from) return;
    if (withoutCrds) await putDefinitions(this.lab.admin, withoutCrds);
    await put(this.lab.admin, this.namespace, this.states.get(from)!);
    this.stands = from;
    if (!line.writes) this.proxy.tape = new Map();
  }

  /** Whether nothing went to the server by our proxy since `begin` that could have changed something. */
  get untouched(): boolean {
    return this.stands !== null;
  }

  /** Carries the command out with this fault, in a folder of its own; `again`: in that of the last one. */
  async run(line: Line, hit: Hit | null, again = false): Promise<Run> {
    if (!again) this.runs++;
    const here = join(this.folder, `run${this.runs}`);
    mkdirSync(here, { recursive: true });
    const mine = hit && { ...hit, key: this.mine(hit.key) };
    await this.proxy.arm(mine);
    this.gateway.arm(mine);
    const args = line.args(this.at(here, limitsFor(hit)));
    const running = this.runner(args, { kubeconfig: this.kubeconfig, cwd: here });
    const patience = new AbortController();
    const hung = sleep(HUNG_MS, HUNG, { signal: patience.signal });
    const ran = await Promise.race([running, hung.catch(() => HUNG)]);
    patience.abort();
    const { wrote } = this.proxy;
    const hits = this.proxy.hits + this.gateway.hits;
    if (wrote) [this.stands, this.proxy.tape] = [null, null];
    const seen = [...this.proxy.seen, ...this.gateway.seen].map((key) => this.common(key));
    return { ...ran, stdout: this.common(ran.stdout), stderr: this.common(ran.stderr), seen, hits };
  }

  /** What somebody wants of each object that is there now, in words that hold for every ground. */
  async state({ withoutCrds }: Pick<Line, 'withoutCrds'>): Promise<Map<string, string>> {
    const now = meaning(await read(this.lab.admin, this.namespace));
    const crds = withoutCrds ? await settledDefinitions(this.lab.admin) : [];
    return new Map([...now, ...crds].map(([key, value]) => [this.common(key), this.common(value)]));
  }

  /** What the namespace's routes looked like while `work` went on, each once. */
  async stations(work: () => Promise<unknown>): Promise<Set<string>> {
    const abort = new AbortController();
    const seen = new Map<string, KubeObject>();
    const note = (_: unknown, object: KubeObject) => {
      if (object.metadata.namespace === this.namespace)
        seen.set(object.metadata['resourceVersion'] as string, object);
    };
    const api = 'gateway.networking.k8s.io/v1';
    const watching = this.lab.admin.watch(api, 'httproutes', note, abort.signal);
    await work();
    const there = async () =>
      (await this.lab.admin.list(api, 'httproutes', this.namespace)).every(({ metadata }) =>
        seen.has(metadata['resourceVersion'] as string),
      );
    while (!(await there())) await setImmediate();
    abort.abort();
    await watching.catch(() => undefined);
    const states = [...seen.values()].flatMap((object) => [...meaning(stateOf([object])).values()]);
    return new Set(states.map((state) => this.common(state)));
  }

  /** The backups that the last run left, with their texts. */
  backups(): string[] {
    const here = join(this.folder, `run${this.runs}`);
    return readdirSync(here)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(here, name), 'utf8'));
  }

  private get kubeconfig(): string {
    return join(this.folder, 'kubeconfig');
  }

  private at(cwd: string, limits: Limits): At {
    const { namespace, crds } = this;
    // A second run must not meet the backup of the first.
    const backup = join(cwd, `backup-${readdirSync(cwd).length}.yaml`);
    return {
      namespace,
      crds,
      backup,
      written: join(this.folder, 'written.yaml'),
      gateway: this.gateway.address,
      limits,
    };
  }

  private login(): void {
    const cluster = { server: this.proxy.url, 'certificate-authority': certificate('ca.crt') };
    const whole = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: this.lab.admin.options.token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(this.kubeconfig, JSON.stringify(whole));
  }

  /** Takes the namespace through a migration, and keeps what it looks like at each station. */
  private async learn(): Promise<void> {
    await this.stand('preview', () =>
      put(this.lab.admin, this.namespace, stack(this.namespace, { v1: false })),
    );
    await this.stand('parallel', () =>
      put(this.lab.admin, this.namespace, stack(this.namespace, { v1: true })),
    );
    await this.stand('half', () => this.must('split', '50', '-n', this.namespace, '--yes'));
    await this.stand('switched', () => this.must('split', '100', '-n', this.namespace, '--yes'));
    const backup = ['--backup', join(this.folder, 'written.yaml')];
    await this.stand('cleaned', () =>
      this.must('cleanup', '-n', this.namespace, '--yes', '--no-probe', ...backup),
    );
  }

  private async stand(name: StateName, get: () => Promise<void>): Promise<void> {
    await get();
    this.states.set(name, await read(this.lab.admin, this.namespace));
  }

  private async must(...args: string[]): Promise<void> {
    await this.proxy.arm(null);
    const { code, stderr } = await runHere(args, { kubeconfig: this.kubeconfig, cwd: this.folder });
    if (code !== 0) throw new Error(`infpool ${args.join(' ')}: exit ${code}\n${stderr}`);
  }

  private common(text: string): string {
    return text
      .replaceAll(this.namespace, 'faults')
      .replaceAll(this.proxy.url, 'https://server')
      .replaceAll(this.gateway.address, 'gateway')
      .replaceAll(this.folder, '/folder')
      .replaceAll(/\/folder\/run\d+/g, '/folder');
  }

  private mine(text: string): string {
    return text.replaceAll('faults', this.namespace);
  }
}

async function ways(lab: Lab, options: ProxyOptions): Promise<[FaultProxy, FaultyGateway]> {
  return [await FaultProxy.start(lab.admin, options), await FaultyGateway.start()];
}
