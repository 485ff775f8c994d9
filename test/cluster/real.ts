// What the specs on a real API server share.
import { expect } from 'chai';
import { WriteRefused, type Cluster } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { connect, type ConnectionFlags } from '../../src/cluster/connect.ts';
import { startLab, type Lab } from '../lab/lab.ts';

export const NS = 'default';
export const LIVE = { dryRun: 'none' } as const;

/** A lab, and connections to it as different users. */
export class Real {
  lab!: Lab;
  /** As admin. */
  cluster!: Cluster;
  readonly warnings: string[] = [];
  private readonly opened: Cluster[] = [];

  async start(): Promise<void> {
    this.lab = await startLab({ crds: ['gateway-api', 'gie-v0.3.0'], quiet: true });
    this.cluster = await this.as(this.lab.kubeconfig());
  }

  async stop(): Promise<void> {
    this.opened.forEach((one) => one.close());
    await this.lab?.down();
  }

  async as(
    kubeconfig: string,
    flags: ConnectionFlags = {},
    fieldManager = 'kubectl-infpool',
  ): Promise<Cluster> {
    const { PATH, HOME } = this.lab.env;
    const env = { PATH, HOME, HELM_KUBECONTEXT: 'elsewhere', HELM_NAMESPACE: 'elsewhere' };
    const onWarning = (text: string) => void this.warnings.push(text);
    const options = { env, fieldManager, userAgent: 'test', home: '/nonexistent', onWarning };
    const made = await connect({ ...options, flags: { ...flags, kubeconfig } });
    this.opened.push(made);
    return made;
  }
}

export function route(name: string, hostname?: string): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: NS },
    spec: { parentRefs: [{ name: 'gateway' }], ...(hostname ? { hostnames: [hostname] } : {}) },
  };
}

/** Unlike objects of a CRD that is seconds old, the garbage collector knows these, and foreground deletion needs it. */
export function configMap(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NS }, data: { value } };
}

export function v1Pool(name: string): KubeObject {
  return {
    apiVersion: 'inference.networking.k8s.io/v1',
    kind: 'InferencePool',
    metadata: { name, namespace: NS },
    spec: {
      selector: { matchLabels: { app: 'vllm' } },
      targetPorts: [{ number: 8000 }],
      endpointPickerRef: { name: 'epp', port: { number: 9002 } },
    },
  };
}

export async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as Error,
  );
}

export async function refusal(promise: Promise<unknown>): Promise<WriteRefused> {
  const error = await failure(promise);
  if (!(error instanceof WriteRefused)) throw error;
  return error;
}

export async function soon(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect.fail('it did not happen within 10 s');
}
