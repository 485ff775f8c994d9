// One endpoint picker, kept running as a kubelet would: probed, restarted with growing pauses, ended.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canConnect, freePort } from '../control-plane/ports.ts';
import { signal } from '../control-plane/processes.ts';
import { hold, type Held } from '../control-plane/protocol.ts';
import type { Kube, KubeObject } from '../kube.ts';
import type { PodState } from '../kubelet/runtime.ts';
import { ensureParts } from '../parts/parts.ts';
import {
  containerPort,
  expand,
  eppPart,
  portUses,
  translatePaths,
  withPorts,
  type Container,
  type EppPart,
  type PortUse,
} from './epp-command.ts';
import { isServing } from './grpc-health.ts';
import { environmentOf, NotNow, writeCredentials, writeVolumes } from './pod-files.ts';

export interface PickerOptions {
  kube: Kube;
  /** the lab's folder */
  dir: string;
  pod: KubeObject;
  container: Container;
  /** first pause between restarts; doubles each time. A kubelet's is 10 s. */
  backoffMs: number;
  onChange: () => void;
}

const PROBE_UNTIL_READY_MS = 100;
const PROBE_MS = 1000;
const MAX_BACKOFF_MS = 300_000;

export class PickerProcess {
  state: PodState = { ready: false, restarts: 0, waiting: 'ContainerCreating' };
  /** Port of the container → port really listened on, of 127.0.0.1. */
  ports: ReadonlyMap<number, number> = new Map();
  readonly pod: KubeObject;
  /** what the annotation said last */
  killed: string | undefined;
  private readonly options: PickerOptions;
  private readonly stopping = new AbortController();
  private held: Held | undefined;
  private down = false;
  private grpcPort = 0;
  /** Ends a pause or a `down`. */
  private wake: () => void = () => undefined;
  private readonly done: Promise<void>;

  constructor(options: PickerOptions) {
    this.options = options;
    this.pod = options.pod;
    this.done = this.run();
  }

  /** undefined while it doesn't run. */
  get pid(): number | undefined {
    return this.held?.id.pid;
  }

  /** SIGKILL, as when it runs out of memory. @param forGood don't start it again, until revive() */
  async kill({ forGood = false } = {}): Promise<void> {
    this.down = forGood;
    const { held } = this;
    if (!held) return;
    signal(held.id, 'SIGKILL');
    await held.exited;
  }

  revive(): void {
    this.down = false;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.held?.stop();
    await this.done;
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt++) {
      let reason = 'CrashLoopBackOff';
      try {
        await this.once();
      } catch (error) {
        reason = error instanceof NotNow ? error.reason : 'RunContainerError';
        // Once: it goes on trying for as long as the pod is there.
        if (reason !== this.state.waiting || attempt === 0)
          console.error(`kubelet: ${this.pod.metadata.name}: ${reason}: ${(error as Error).message}`);
      }
      if (this.stopping.signal.aborted) return;
      // The first restart comes at once, as a kubelet's does.
      const pause = attempt === 0 ? 0 : this.options.backoffMs * 2 ** (attempt - 1);
      const restarts = (this.state.restarts ?? 0) + 1;
      this.set({ ready: false, restarts, waiting: reason });
      await this.pause(Math.min(pause, MAX_BACKOFF_MS));
    }
  }

  /** From start to exit. */
  private async once(): Promise<void> {
    const { kube, dir, pod, container } = this.options;
    const part = eppPart(container.image);
    if (!part) throw new NotNow('ErrImagePull', `the lab has no build of ${container.image}`);
    const program = (await ensureParts([part]))[part];
    const folder = join(dir, 'pods', pod.metadata['uid'] as string);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const [env, mounts, kubeconfig] = await Promise.all([
      environmentOf(kube, pod, container),
      writeVolumes(kube, pod, container, folder),
      writeCredentials(kube, pod, folder),
    ]);
    const given = (container.args ?? []).map((arg) => translatePaths(expand(arg, env), mounts));
    const args = withPorts(part, given, await this.choosePorts(part, given));
    if (this.stopping.signal.aborted) return;
    const name = `${pod.metadata.namespace}.${pod.metadata.name}`;
    this.held = await hold(dir, { name, program, args, env: { ...env, KUBECONFIG: kubeconfig } });
    if (this.down) signal(this.held.id, 'SIGKILL'); // killed for good while it was being started
    try {
      await this.probe(this.held);
    } finally {
      this.held = undefined;
    }
  }

  private async choosePorts(part: EppPart, args: string[]): Promise<Record<PortUse, number>> {
    const ports = { grpc: await freePort(), health: await freePort(), metrics: await freePort() };
    this.grpcPort = ports.grpc;
    this.ports = new Map(portUses.map((use) => [containerPort(part, args, use), ports[use]]));
    return ports;
  }

  private async probe({ exited }: Held): Promise<void> {
    const { restarts = 0 } = this.state;
    const probe = this.options.container.readinessProbe?.grpc;
    this.set({ ready: false, restarts });
    let running = true;
    const ended = exited.then(() => (running = false));
    while (running && !this.stopping.signal.aborted) {
      const ready = !probe || (await this.answers(probe));
      if (running && ready !== this.state.ready) this.set({ ready, restarts });
      await Promise.race([ended, sleep(ready ? PROBE_MS : PROBE_UNTIL_READY_MS)]);
    }
    await exited;
  }

  /**
   * A picker says SERVING a moment before it listens for Envoy. Upstream's charts get over that by five seconds
   * of `initialDelaySeconds`; looking whether it listens is quicker.
   */
  private async answers({ port, service = '' }: { port: number; service?: string }): Promise<boolean> {
    if (!(await isServing(this.ports.get(port) ?? port, service))) return false;
    return this.state.ready || (await canConnect(this.grpcPort));
  }

  private set(state: PodState): void {
    this.state = state;
    this.options.onChange();
  }

  /** Returns when the time is over and nobody wants it down, or when it is woken. */
  private async pause(ms: number): Promise<void> {
    if (ms === 0 && !this.down) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.down || resolve(), ms);
      this.wake = () => (clearTimeout(timer), resolve());
    });
  }
}
