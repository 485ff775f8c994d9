// Behind pods whose container is an endpoint picker (EPP): the real one.
import { allLabs, labDir } from '../control-plane/state.ts';
import type { Kube, KubeObject } from '../kube.ts';
import type { PodState, Runtime } from '../kubelet/runtime.ts';
import { eppContainer } from './epp-command.ts';
import { PickerProcess } from './picker-process.ts';

/** On a pod: `"true"` kills its endpoint picker, and keeps it from being restarted, until it is removed. */
export const KILLED_ANNOTATION = 'lab/killed';

export class Pickers implements Runtime {
  private readonly kube: Kube;
  private readonly dir: string;
  private readonly backoffMs: number;
  private readonly processes = new Map<string, { process: PickerProcess; address: string }>();
  private tell: (pod: KubeObject) => void = () => undefined;

  /** @param backoffMs before the second restart; doubles with each further one */
  constructor(kube: Kube, { backoffMs = 10_000 } = {}) {
    this.kube = kube;
    this.dir = dirOf(kube);
    this.backoffMs = backoffMs;
  }

  onChange(tell: (pod: KubeObject) => void): void {
    this.tell = tell;
  }

  /** Doesn't wait until it serves: its state says so. */
  start(pod: KubeObject, address: string): Promise<void> {
    const container = eppContainer(pod);
    if (container) {
      const { kube, dir, backoffMs } = this;
      const onChange = () => this.tell(pod);
      const process = new PickerProcess({ kube, dir, pod, container, backoffMs, onChange });
      this.processes.set(uid(pod), { process, address });
      this.update(pod);
    }
    return Promise.resolve();
  }

  update(pod: KubeObject): void {
    const process = this.processes.get(uid(pod))?.process;
    const killed = pod.metadata['annotations']?.[KILLED_ANNOTATION] as string | undefined;
    if (!process || killed === process.killed) return;
    process.killed = killed;
    if (killed === 'true') void process.kill({ forGood: true });
    else process.revive();
  }

  state(pod: KubeObject): PodState | undefined {
    return this.processes.get(uid(pod))?.process.state;
  }

  async stop(pod: KubeObject): Promise<void> {
    const running = this.processes.get(uid(pod));
    await running?.process.stop();
    this.processes.delete(uid(pod));
  }

  /** The pickers of a namespace's pods whose name starts so: to kill them, or to know their ports. */
  of(namespace: string, podPrefix = ''): PickerProcess[] {
    return [...this.processes.values()]
      .map(({ process }) => process)
      .filter(
        ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name.startsWith(podPrefix),
      );
  }

  /** Where a pod's port really is. An address that is no picker's is itself. */
  resolve({ address, port }: { address: string; port: number }): { address: string; port: number } {
    for (const { process, address: own } of this.processes.values()) {
      const real = own === address ? process.ports.get(port) : undefined;
      if (real !== undefined) return { address: '127.0.0.1', port: real };
    }
    return { address, port };
  }
}

/** The folder of the lab that this client talks to. @throws when it is none */
export function dirOf({ options: { server } }: Kube): string {
  const state = allLabs().find((lab) => lab.server === server);
  if (!state) throw new Error(`no lab is up at ${server}`);
  return labDir(state.name);
}

const uid = (pod: KubeObject) => pod.metadata['uid'] as string;
