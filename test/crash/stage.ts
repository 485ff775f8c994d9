// Where crashes play: a lab with a preview stack, the line to it that can be cut, and commands that are killed there.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { KubeObject } from '../lab/kube.ts';
import { apply } from '../lab/scenarios/commands.ts';
import { deploymentReady, gatewayProgrammed, isTrue, routeAccepted, until } from '../lab/scenarios/wait.ts';
import { comparable, differences } from '../e2e/everything.ts';
import { binary, Bench, GATEWAY_API, V1, type Outcome } from '../e2e/support.ts';
import { startLine, type Line, type Moment, type Write } from './line.ts';
import { record, rewind } from './rewind.ts';

/** For controllers, on a machine that may have much else to do. */
const PATIENCE_S = 90;
const BETWEEN_LOOKS_MS = 250;

export interface Point {
  readonly write: number;
  /** `during` leaves a helm of the command's behind, as an orphan; else that dies, too, as when the machine loses power. */
  readonly moment: Moment;
}

export interface Killed extends Outcome {
  /** False: it ended before the point was reached. */
  readonly reached: boolean;
}

export class Stage {
  readonly bench: Bench;
  readonly line: Line;
  readonly kubeconfig: string;

  private constructor(bench: Bench, line: Line) {
    this.bench = bench;
    this.line = line;
    this.kubeconfig = join(bench.cwd, 'line.kubeconfig');
    const context = { cluster: 'line', user: 'line' };
    const config = {
      clusters: [{ name: 'line', cluster: { server: line.url } }],
      users: [{ name: 'line', user: {} }],
      contexts: [{ name: 'line', context }],
      'current-context': 'line',
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config));
  }

  static async start(...options: Parameters<typeof Bench.start>): Promise<Stage> {
    const bench = await Bench.start(...options);
    try {
      return new Stage(bench, await startLine(bench.lab.admin));
    } catch (error) {
      await bench.end();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.line.stop();
    await this.bench.end();
  }

  /** A preview stack in `mine`, and a team's own route in `web` that a grant lets point at its pool. */
  async preview(): Promise<void> {
    await this.bench.preview('mine', { models: ['base-model', 'food-review'] });
    await apply(this.bench.lab, NEIGHBOUR);
    await this.settled();
  }

  /** The cluster as it is, to be put back later and to be compared with. */
  record(): Promise<KubeObject[]> {
    return record(this.bench.lab.admin);
  }

  async rewind(to: readonly KubeObject[]): Promise<void> {
    await rewind(this.bench.lab.admin, to);
    await this.settled();
  }

  /** Runs to its end; what it wrote is in `line.writes`. */
  async done(args: readonly string[], cwd: string): Promise<Outcome> {
    this.line.begin();
    const outcome = await this.spawned(args, cwd).ended;
    if (outcome.code !== 0)
      expect.fail(`infpool ${args.join(' ')}: exit ${outcome.code}\n${outcome.stderr}${outcome.stdout}`);
    return outcome;
  }

  /** Runs up to a point, and ends there by SIGKILL. */
  async killed(args: readonly string[], cwd: string, { write, moment }: Point): Promise<Killed> {
    let reached = false;
    const kill = async () => {
      reached = true;
      running.kill(moment === 'during' ? 'alone' : 'all');
      await running.exited;
    };
    this.line.begin({ write, moment, kill });
    const running = this.spawned(args, cwd);
    const outcome = await running.ended;
    return { ...outcome, reached };
  }

  /** Every object is as in `end`; controllers get a while to make it so. */
  async expectLike(end: readonly KubeObject[], where: string): Promise<void> {
    const wanted = comparable([...end]);
    let seen: string[] = [];
    const alike = async () => {
      seen = differences(comparable(await this.record()), wanted);
      if (seen.length > 0) await sleep(BETWEEN_LOOKS_MS); // a look is a hundred requests
      return seen.length === 0;
    };
    await until('the same end', alike, PATIENCE_S).catch(() =>
      expect.fail(`${where}: not as without a crash:\n${seen.join('\n')}`),
    );
  }

  /** Everything that controllers make true is true. */
  async settled(): Promise<void> {
    const { admin } = this.bench.lab;
    const all = async (apiVersion: string, plural: string, holds: (object: KubeObject) => boolean) =>
      (await admin.list(apiVersion, plural)).every(holds);
    await until(
      'the cluster to settle',
      async () =>
        (await all('apps/v1', 'deployments', deploymentReady)) &&
        (await all(GATEWAY_API, 'gateways', gatewayProgrammed)) &&
        (await all(GATEWAY_API, 'httproutes', routeAccepted)) &&
        (await this.poolsAccepted()),
      PATIENCE_S,
    );
  }

  // Those that a route names: the others have nobody to report on them.
  private async poolsAccepted(): Promise<boolean> {
    const { admin } = this.bench.lab;
    const routes = JSON.stringify(
      (await admin.list(GATEWAY_API, 'httproutes')).map(({ spec }) => spec as unknown),
    );
    const pools = await admin.list(V1, 'inferencepools').catch(() => []);
    return pools
      .filter(({ metadata: { name } }) => routes.includes(`"${name}"`))
      .every((pool) => {
        const parents = (pool['status']?.parents ?? []) as { conditions: never[] }[];
        return parents.length > 0 && parents.every(({ conditions }) => isTrue(pool, conditions, 'Accepted'));
      });
  }

  private spawned(args: readonly string[], cwd: string) {
    // A process group of its own, so that its helm can be killed with it.
    const child = spawn(binary, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.bench.lab.env, KUBECONFIG: this.kubeconfig },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const exited = new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('exit', resolve),
    );
    // What could not be started closes nothing.
    const ended = new Promise<Outcome>((resolve, reject) =>
      child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr })),
    );
    const kill = (victim: 'alone' | 'all') =>
      process.kill(victim === 'all' ? -child.pid! : child.pid!, 'SIGKILL');
    return { ended, exited, kill };
  }
}

/** A folder for one run's backups. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'infpool-crash-'));

  files(): { name: string; text: string }[] {
    return readdirSync(this.path)
      .sort()
      .map((name) => ({ name, text: readFileSync(join(this.path, name), 'utf8') }));
  }

  clear(): void {
    for (const { name } of this.files()) rmSync(join(this.path, name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `after write 3 of 14, DELETE /apis/…/inferencepools/mine-preview by helm` */
export function describePoint({ write, moment }: Point, writes: readonly Write[]): string {
  const { text, by } = writes[write]!;
  return `${moment} write ${write + 1} of ${writes.length}, ${text} by ${by}`;
}

const NEIGHBOUR = `
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: from-web, namespace: mine}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web}]
  to: [{group: inference.networking.x-k8s.io, kind: InferencePool, name: mine-preview}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web-gateway, namespace: web}
spec:
  gatewayClassName: gke-l7-rilb
  listeners: [{name: http, protocol: HTTP, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: assistant, namespace: web, annotations: {team: web}}
spec:
  parentRefs: [{name: web-gateway}]
  rules:
    - backendRefs:
        - {group: inference.networking.x-k8s.io, kind: InferencePool, name: mine-preview, namespace: mine, weight: 3}
`;
