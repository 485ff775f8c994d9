// Where the rivals of the reliability spec meet: a route with two pools, one of which we migrate while a second kubectl
// infpool moves the other one's weights, in the same object and the same annotation.
import { expect } from 'chai';
import type { Json, KubeObject, KubeRef } from '../lab/kube.ts';
import { ALPHA, GATEWAY_API, V1, type Bench } from '../e2e/support.ts';
import { annotator, applier, replace, updater, type Habit } from './rival.ts';

export const NS = 'fray';
const ORIGINALS = 'kubectl-infpool/original-backend-refs';

export const routeRef: KubeRef = {
  apiVersion: GATEWAY_API,
  kind: 'HTTPRoute',
  namespace: NS,
  name: 'llm-route',
};
export const alphaRef: KubeRef = {
  apiVersion: ALPHA,
  kind: 'InferencePool',
  namespace: NS,
  name: `${NS}-preview`,
};
const v1Ref: KubeRef = { apiVersion: V1, kind: 'InferencePool', namespace: NS, name: `${NS}-ga` };
const OTHER = `${NS}-two`;

/** The preview, phase 1 of two pools, and a rule for each. */
export async function fray(bench: Bench): Promise<{ original: KubeObject }> {
  const { admin } = bench.lab;
  await bench.preview(NS);
  const { apiVersion, kind, spec } = await bench.get(alphaRef);
  await admin.apply({ apiVersion, kind, metadata: { namespace: NS, name: OTHER }, spec });
  const route = await bench.route(NS);
  const [rule] = route['spec'].rules as Json[];
  const [ref] = rule.backendRefs as Json[];
  const two = {
    matches: [{ path: { type: 'PathPrefix', value: '/two' } }],
    backendRefs: [{ ...ref, name: OTHER }],
  };
  await admin.mergePatch(routeRef, { spec: { rules: [rule, two] } });
  await bench.side(NS);
  return { original: await bench.route(NS) };
}

/** Percent of the rule's weights that v1 has. */
export function percentOf(route: KubeObject, rule: number): number {
  const refs = route['spec'].rules[rule].backendRefs as { group: string; weight?: number }[];
  const sum = (some: typeof refs) => some.reduce((total, { weight = 1 }) => total + weight, 0);
  return (100 * sum(refs.filter(({ group }) => group === 'inference.networking.k8s.io'))) / sum(refs);
}

/** Another machine's: it moves the other pool, and remembers where it left it. */
export class OtherMachine {
  writes = 0;
  percent = 0;
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  habit(): Habit {
    return {
      name: 'another kubectl infpool',
      pauseMs: 5000,
      write: async (k) => {
        const percent = (k * 37) % 100;
        const { code } = await this.bench.infpool([
          'split',
          '--pool',
          OTHER,
          String(percent),
          '-n',
          NS,
          '--yes',
        ]);
        // Overtaken too often, or the API server was away: it says so, and has written nothing.
        if (code === 0) [this.percent, this.writes] = [percent, this.writes + 1];
        return null;
      },
    };
  }
}

/** As an HPA: replicas of the model servers, which nobody else sets. */
export class Scaler {
  writes = 0;
  replicas = 1;
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  habit(): Habit {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NS, name: `${NS}-vllm` };
    return {
      name: 'scaler',
      pauseMs: 4000,
      write: async (k) => {
        const replicas = 1 + (k % 2);
        await this.bench.lab.admin.mergePatch(ref, { spec: { replicas } });
        [this.replicas, this.writes] = [replicas, this.writes + 1];
        return null;
      },
    };
  }

  async seen(): Promise<number> {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NS, name: `${NS}-vllm` };
    return (await this.bench.get(ref))['spec'].replicas as number;
  }
}

/** Those who leave marks. */
export function markers({ lab: { admin } }: Bench): Habit[] {
  const timeouts = (route: KubeObject, k: number) =>
    (route['spec'].rules[0].timeouts = { request: `${30 + (k % 10)}s` });
  return [
    annotator(admin, 'notes', routeRef, 200),
    updater(admin, 'timeouts', routeRef, timeouts, 4000),
    applier(admin, 'kubectl-team', routeRef, 700),
    annotator(admin, 'v1-notes', v1Ref, 600),
  ];
}

/** Once, as a Git controller: our rule as it was, everything else as it is. */
export async function putBack(bench: Bench, original: KubeObject): Promise<void> {
  for (;;) {
    const route = await bench.route(NS);
    route['spec'].rules[0].backendRefs = original['spec'].rules[0].backendRefs;
    try {
      return await replace(bench.lab.admin, route, 'weights-keeper');
    } catch (error) {
      if ((error as { status?: number }).status !== 409) throw error;
    }
  }
}

/** Deletes the pool and makes it again as it was: another uid. */
export async function remake(bench: Bench): Promise<void> {
  const { apiVersion, kind, metadata, spec } = await bench.get(alphaRef);
  const { name, labels, annotations } = metadata as Json;
  await bench.lab.admin.delete(alphaRef);
  await bench.lab.admin.apply({
    apiVersion,
    kind,
    metadata: { namespace: NS, name, labels, annotations },
    spec,
  });
}

/** Back from whatever our runs made of the route: our rules as they were, and no note of ours. */
export function expectAsBefore(route: KubeObject, original: KubeObject): void {
  const refs = ({ spec }: KubeObject) => (spec.rules as Json[]).map((rule) => rule.backendRefs as Json);
  expect(refs(route)).to.deep.equal(refs(original));
  expect(route.metadata['annotations'] ?? {}).not.to.have.property(ORIGINALS);
}
