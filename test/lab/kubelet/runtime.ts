// What runs behind a pod. The kubelet knows only this interface, so that endpoint pickers can become real
// processes without a change to it.
import type { KubeObject } from '../kube.ts';
import { modelServerArguments } from '../model-server/arguments.ts';
import { startModelServer, type Fault, type ModelServer } from '../model-server/server.ts';

export interface PodState {
  ready: boolean;
  restarts?: number;
  /** Why its container doesn't run, as a kubelet calls it: `CrashLoopBackOff`, `ErrImagePull`, … */
  waiting?: string;
}

export interface Runtime {
  /** Returns once the pod's processes answer at that loopback address; nothing to do is fine. */
  start(pod: KubeObject, address: string): Promise<void>;
  /** The pod's metadata changed. */
  update?(pod: KubeObject): void;
  /** How the pod is now; undefined: not its affair, and so ready as soon as started. */
  state?(pod: KubeObject): PodState | undefined;
  /** Whom to tell, from now on, when that has changed. */
  onChange?(tell: (pod: KubeObject) => void): void;
  /** Returns once they have ended. */
  stop(pod: KubeObject): Promise<void>;
}

/** Several as one: each takes care of the pods that are its own. */
export function allOf(runtimes: Runtime[]): Runtime {
  return {
    start: async (pod, address) => void (await Promise.all(runtimes.map((one) => one.start(pod, address)))),
    update: (pod) => runtimes.forEach((one) => one.update?.(pod)),
    state: (pod) => runtimes.map((one) => one.state?.(pod)).find((state) => state !== undefined),
    onChange: (tell) => runtimes.forEach((one) => one.onChange?.(tell)),
    stop: async (pod) => void (await Promise.all(runtimes.map((one) => one.stop(pod)))),
  };
}

/** On a pod: `status=500`, `status=500*0.2` (a fifth of the requests), `hang` or `slow=2000` makes its model server misbehave. */
export const FAULT_ANNOTATION = 'lab/fault';

/** Runs a stub for each pod whose container is a vLLM; any other pod is only said to run. */
export class ModelServers implements Runtime {
  // By uid: a pod may be followed by another of its name before it has ended.
  private readonly servers = new Map<string, { pod: KubeObject; server: ModelServer }>();

  async start(pod: KubeObject, address: string): Promise<void> {
    const serves = modelServerArguments(pod);
    if (!serves) return;
    const options = { ...serves, name: pod.metadata.name, host: address };
    this.servers.set(uid(pod), { pod, server: await startModelServer(options) });
    this.update(pod);
  }

  update(pod: KubeObject): void {
    const server = this.servers.get(uid(pod))?.server;
    const annotation = pod.metadata['annotations']?.[FAULT_ANNOTATION] as string | undefined;
    // Without the annotation a fault set directly, by a test in this process, stays.
    if (server && annotation !== undefined) server.fault = parseFault(annotation);
  }

  async stop(pod: KubeObject): Promise<void> {
    const running = this.servers.get(uid(pod));
    this.servers.delete(uid(pod));
    await running?.server.stop();
  }

  /** The servers of a namespace's pods whose name starts so: for faults, and for what they were asked. */
  of(namespace: string, podPrefix = ''): ModelServer[] {
    return [...this.servers.values()]
      .filter(
        ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name.startsWith(podPrefix),
      )
      .map(({ server }) => server);
  }
}

/** `none` and anything unknown mean no fault. */
export function parseFault(text: string): Fault | undefined {
  const [name, value] = text.split('=');
  if (name === 'hang') return { hang: true };
  if (name === 'status') {
    const [status, share] = (value ?? '').split('*').map(Number);
    return { status: status!, ...(share === undefined ? {} : { share }) };
  }
  if (name === 'slow') return { slowMs: Number(value) };
  return undefined;
}

const uid = (pod: KubeObject) => pod.metadata['uid'] as string;
