// Plays scheduler and kubelet for one node: binds pods, runs them, tells their status, lets them go.
import { KubeError, type Kube, type KubeObject } from '../kube.ts';
import { Addresses, loopbackOf, ranges, reportedAddress } from './addresses.ts';
import { nodeObject } from './node.ts';
import { podStatus } from './pod-status.ts';
import type { Runtime } from './runtime.ts';

/** On a pod: `"false"` makes it not Ready, however well it runs. */
export const READY_ANNOTATION = 'lab/ready';

export interface KubeletOptions {
  kube: Kube;
  runtime: Runtime;
  nodeName?: string;
  /** Told what went wrong with a pod; it is tried again on the pod's next change. */
  onError?: (error: unknown, pod: KubeObject) => void;
}

interface Known {
  pod: KubeObject;
  address?: string;
  /** One thing at a time for each pod. */
  work: Promise<void>;
}

export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const kubelet = new Kubelet(options);
  await kubelet.start();
  return kubelet;
}

export class Kubelet {
  private readonly kube: Kube;
  private readonly runtime: Runtime;
  private readonly nodeName: string;
  private readonly onError: (error: unknown, pod: KubeObject) => void;
  private readonly addresses: Addresses;
  private readonly pods = new Map<string, Known>();
  private readonly abort = new AbortController();
  private watching: Promise<void> = Promise.resolve();
  private isReady: (pod: KubeObject) => boolean = () => true;

  constructor({ kube, runtime, nodeName = 'lab-node', onError }: KubeletOptions) {
    this.kube = kube;
    this.runtime = runtime;
    this.nodeName = nodeName;
    this.onError =
      onError ?? ((error, pod) => console.error(`kubelet: ${pod.metadata.name}: ${String(error)}`));
    this.addresses = new Addresses(kube.options.server, ranges.pods);
    runtime.onChange?.((pod) => this.queue(key(pod)));
  }

  async start(): Promise<void> {
    const node = nodeObject(this.nodeName);
    await this.kube.apply(node);
    await this.kube.applyStatus(node);
    // A kubelet that comes back must not hand a running pod's address to a new one.
    for (const pod of await this.kube.list('v1', 'pods')) {
      const podIP = pod['status']?.podIP as string | undefined;
      if (!podIP || !this.addresses.reserve(loopbackOf(podIP))) continue;
      this.pods.set(key(pod), { pod, address: loopbackOf(podIP), work: this.run(pod, loopbackOf(podIP)) });
    }
    this.watching = this.kube.watch('v1', 'pods', (type, pod) => this.see(type, pod), this.abort.signal);
    this.watching.catch((error: unknown) => this.onError(error, node));
  }

  /** Pods for which it says false are not Ready, from now on. */
  setReady(isReady: (pod: KubeObject) => boolean): void {
    this.isReady = isReady;
    for (const name of this.pods.keys()) this.queue(name);
  }

  /** Ends every process it runs; the pods' objects stay. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.watching.catch(() => undefined);
    await Promise.all(
      [...this.pods.values()].map(async (known) => {
        await known.work;
        if (known.address) await this.runtime.stop(known.pod);
      }),
    );
  }

  private see(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: KubeObject): void {
    const known = this.pods.get(key(pod));
    if (type === 'DELETED') {
      if (!known) return;
      this.pods.delete(key(pod));
      void known.work.then(() => this.end(known));
      return;
    }
    if (known) known.pod = pod;
    else this.pods.set(key(pod), { pod, work: Promise.resolve() });
    this.queue(key(pod));
  }

  private queue(name: string): void {
    const known = this.pods.get(name);
    if (!known) return;
    known.work = known.work
      .then(() => (this.abort.signal.aborted ? undefined : this.sync(known)))
      .catch((error: unknown) => {
        // Deleted or bound by another while we were at it: its own event follows.
        if (!(error instanceof KubeError && [404, 409].includes(error.status)))
          this.onError(error, known.pod);
      });
  }

  private async sync(known: Known): Promise<void> {
    const { pod } = known;
    if (pod.metadata['deletionTimestamp']) return this.letGo(known);
    if (!pod['spec'].nodeName) return this.bind(pod);
    if (pod['spec'].nodeName !== this.nodeName) return;
    if (known.address === undefined) {
      const address = this.addresses.take();
      known.address = address;
      await this.run(pod, address);
    } else this.runtime.update?.(pod);
    const { ready = true, ...state } = this.runtime.state?.(pod) ?? {};
    const status = podStatus(pod, {
      ...state,
      podIP: reportedAddress(pod, known.address),
      ready: ready && this.isReady(pod) && pod.metadata['annotations']?.[READY_ANNOTATION] !== 'false',
      now: new Date().toISOString().replace(/\.\d+/, ''),
    });
    if (status) known.pod = await this.kube.applyStatus({ ...pod, status });
  }

  private async run(pod: KubeObject, address: string): Promise<void> {
    try {
      await this.runtime.start(pod, address);
    } catch (error) {
      this.onError(error, pod);
    }
  }

  private async bind({ metadata: { name, namespace } }: KubeObject): Promise<void> {
    await this.kube.request('POST', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace },
      target: { apiVersion: 'v1', kind: 'Node', name: this.nodeName },
    });
  }

  private async letGo(known: Known): Promise<void> {
    await this.end(known);
    const { name, namespace } = known.pod.metadata;
    await this.kube.request('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`);
  }

  private async end(known: Known): Promise<void> {
    if (known.address === undefined) return;
    const { address } = known;
    delete known.address;
    await this.runtime.stop(known.pod);
    this.addresses.release(address);
  }
}

const key = (pod: KubeObject) => `${pod.metadata.namespace}/${pod.metadata.name}`;
