// Small objects for the shapes that clusters come in.
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import { fixtureObjects } from '../lab/scenarios/fixtures.ts';
import { nothing } from '../lab/scenarios/scenarios.ts';
import { Bench, GATEWAY_API, V1, type Outcome } from './support.ts';

export const ALPHA_GROUP = 'inference.networking.x-k8s.io';
export const V1_GROUP = 'inference.networking.k8s.io';

export interface Ref {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  port?: number;
  weight?: number;
}

export const toAlpha = (name: string, more: Partial<Ref> = {}): Ref => ({
  group: ALPHA_GROUP,
  kind: 'InferencePool',
  name,
  ...more,
});

export const toV1 = (name: string, more: Partial<Ref> = {}): Ref => ({
  ...toAlpha(name, more),
  group: V1_GROUP,
});

export const toService = (name: string, more: Partial<Ref> = {}): Ref => ({ name, port: 9002, ...more });

/** Each rule has a path of its own, `/0`, `/1`, … */
export function route(
  namespace: string,
  name: string,
  rules: Ref[][],
  parentRefs: object[] = [{ name: 'gateway' }],
): KubeObject {
  const rulesOf = rules.map((backendRefs, index) => ({
    matches: [{ path: { type: 'PathPrefix', value: index === rules.length - 1 ? '/' : `/${index}` } }],
    backendRefs,
  }));
  const metadata = { namespace, name };
  return { apiVersion: GATEWAY_API, kind: 'HTTPRoute', metadata, spec: { parentRefs, rules: rulesOf } };
}

export function gateway(namespace: string, name = 'gateway', gatewayClassName = 'gke-l7-rilb'): KubeObject {
  const allowedRoutes = { namespaces: { from: 'All' } };
  const listeners = [{ name: 'http', protocol: 'HTTP', port: 80, allowedRoutes }];
  const metadata = { namespace, name };
  return { apiVersion: GATEWAY_API, kind: 'Gateway', metadata, spec: { gatewayClassName, listeners } };
}

export function gatewayClass(name: string, controllerName: string): KubeObject {
  return { apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name }, spec: { controllerName } };
}

export function v1Pool(namespace: string, name: string, matchLabels: Json, epp = `${name}-epp`): KubeObject {
  return {
    apiVersion: V1,
    kind: 'InferencePool',
    metadata: { namespace, name },
    spec: {
      selector: { matchLabels },
      targetPorts: [{ number: 8000 }],
      endpointPickerRef: { name: epp, port: { number: 9002 } },
    },
  };
}

/** An endpoint picker's Service, and what runs behind it. */
export function picker(
  namespace: string,
  name: string,
  args: string[],
  kind: 'Deployment' | 'StatefulSet' = 'Deployment',
): KubeObject[] {
  const labels = { app: name };
  const image = `registry.k8s.io/gateway-api-inference-extension/epp:${args[0] === '-poolName' ? 'v0.3.0' : 'v1.0.0'}`;
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'epp', image, args, ports: [{ containerPort: 9002 }] }] },
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name },
      spec: { selector: labels, ports: [{ port: 9002 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind,
      metadata: { namespace, name },
      spec: {
        selector: { matchLabels: labels },
        template,
        ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      },
    },
  ];
}

/** Model servers with these labels. */
export function servers(namespace: string, labels: Record<string, string>): KubeObject {
  const name = Object.values(labels).join('-');
  const [deployment] = fixtureObjects('model-servers', { release: name, app: name });
  const { spec, ...rest } = deployment!;
  return {
    ...rest,
    metadata: { namespace, name },
    spec: {
      ...spec,
      replicas: 1,
      selector: { matchLabels: labels },
      template: { ...spec.template, metadata: { labels } },
    },
  };
}

/** A lab with all CRDs and a GKE class, and what is asked of it. */
export class Shapes {
  bench!: Bench;

  async start(): Promise<void> {
    this.bench = await Bench.start();
    await nothing(this.bench.lab);
    await this.bench.lab.installCrds(['gie-v1.0.0']);
    await this.bench.lab.admin.apply(gatewayClass('gke-l7-rilb', 'networking.gke.io/gateway'));
  }

  /** A namespace with these in it. */
  async given(namespace: string, ...objects: (KubeObject | KubeObject[])[]): Promise<void> {
    const { admin } = this.bench.lab;
    await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await Promise.all(objects.flat().map((object) => admin.apply(object)));
  }

  /** The binary's report, whatever its exit code. */
  async json(...args: string[]): Promise<Json> {
    return JSON.parse((await this.bench.infpool([...args, '-o', 'json'])).stdout) as Json;
  }

  /** The one pool of a namespace. */
  async only(namespace: string): Promise<Json> {
    return ((await this.json('detect', '-n', namespace)).pools as Json[])[0]!;
  }

  async findings(id: string, ...args: string[]): Promise<Json[]> {
    return ((await this.json(...args)).findings as Json[]).filter((finding) => finding.id === id);
  }

  /** By rule, each backend with its weight. */
  async weights(namespace: string, name: string): Promise<string[]> {
    const { spec } = await this.bench.route(namespace, name);
    return (spec.rules as { backendRefs: Ref[] }[]).map(({ backendRefs }) =>
      backendRefs.map((ref) => `${ref.name} ${ref.weight ?? 1}`).join(', '),
    );
  }
}

export function expectRefused({ code, stderr }: Outcome, id: string, text: string): void {
  expect(stderr).to.include(`[${id}]`).and.include(text);
  expect(code, stderr).to.equal(3);
}
