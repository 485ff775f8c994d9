// A route that somebody else writes: nothing is written over them unless told so, and they get the patch instead.
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import { routeAccepted, waitFor } from '../lab/scenarios/wait.ts';
import { Bench, GATEWAY_API } from './support.ts';

const NS = 'owners';
const backendRef = {
  group: 'inference.networking.x-k8s.io',
  kind: 'InferencePool',
  name: `${NS}-preview`,
};

interface Case {
  /** who writes it, as the API server is told */
  readonly manager: string;
  readonly metadata: object;
  /** what a person reads of the owner, and of where to change it */
  readonly says: readonly string[];
}

const reference = (apiVersion: string, kind: string, name: string) => ({
  ownerReferences: [
    { apiVersion, kind, name, uid: 'c0ffee00-0000-4000-8000-000000000000', controller: true },
  ],
});

const cases: Record<string, Case> = {
  helm: {
    manager: 'helm',
    metadata: {
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': NS },
    },
    says: ['Helm release shop', 'cannot be told', `helm get values shop -n ${NS}`],
  },
  argocd: {
    manager: 'argocd-controller',
    metadata: {},
    says: ['field manager argocd-controller', 'the manifest that Argo CD applies'],
  },
  'argocd-label': {
    manager: 'argocd-controller',
    metadata: { labels: { 'app.kubernetes.io/instance': 'shop' } },
    says: ['Argo CD application shop', 'kubectl get applications.argoproj.io'],
  },
  flux: {
    manager: 'kustomize-controller',
    metadata: {
      labels: {
        'kustomize.toolkit.fluxcd.io/name': 'apps',
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      },
    },
    says: [
      'Flux Kustomization apps',
      'kubectl get kustomizations.kustomize.toolkit.fluxcd.io apps -n flux-system',
    ],
  },
  kserve: {
    manager: 'manager',
    metadata: reference('serving.kserve.io/v1alpha1', 'LLMInferenceService', 'llama'),
    says: ['controller LLMInferenceService/llama (serving.kserve.io)', 'upgrade KServe', 'kubectl edit'],
  },
  flagger: {
    manager: 'flagger',
    metadata: reference('flagger.app/v1beta1', 'Canary', 'llama'),
    says: ['controller Canary/llama (flagger.app)', `kubectl edit -n ${NS} canaries.flagger.app/llama`],
  },
};

describe('a route that somebody else looks after', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
    await bench.preview(NS);
    await bench.side(NS);
    for (const [name, { manager, metadata }] of Object.entries(cases)) {
      const spec = {
        parentRefs: [{ name: 'inference-gateway' }],
        rules: [
          { matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }], backendRefs: [backendRef] },
        ],
      };
      const route = {
        apiVersion: GATEWAY_API,
        kind: 'HTTPRoute',
        metadata: { ...metadata, namespace: NS, name },
        spec,
      };
      await bench.lab.admin.apply(route, manager);
      await waitFor(
        bench.lab.admin,
        { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: NS, name },
        routeAccepted,
      );
    }
  });
  after(() => bench?.end());

  const spec = async (name: string): Promise<Json> => (await bench.route(NS, name))['spec'];
  const weights = (route: KubeObject) =>
    (route['spec'].rules[0].backendRefs as Json[]).map((ref) => [ref.name, ref.weight ?? 1]);

  for (const [name, { says }] of Object.entries(cases))
    it(`${name}: refused, the owner named, the patch shown, nothing written`, async () => {
      const before = await spec(name);
      const { code, stdout, stderr } = await bench.infpool(['split', name, '10', '-n', NS, '--yes']);
      expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
      expect(stderr).to.include('[route-owned]').and.include('--ignore-owner');
      for (const words of says) expect(stderr).to.include(words);
      expect(stderr).to.include(`--- a/${NS}/httproutes.gateway.networking.k8s.io/${name}`);
      expect(stderr).to.match(/^-\s+weight: 1$/m);
      expect(stderr).to.match(/^\+\s+weight: 90$/m);
      expect(stderr).to.match(new RegExp(`^\\+\\s+name: ${NS}-ga$`, 'm'));
      expect(stderr).to.match(/Refused: nothing was written/);
      expect(await spec(name)).to.deep.equal(before);
    });

  it('what was read of the managers is in no output', async () => {
    const args = ['split', 'argocd', '10', '-n', NS, '--ignore-owner'];
    for (const more of [
      ['--dry-run=client', '-o', 'json'],
      ['-o', 'diff'],
    ]) {
      const { stdout } = await bench.done([...args, ...more]);
      expect(stdout).to.include(`${NS}-ga`).and.not.include('managedFields');
    }
  });

  it('--force goes past it by name', async () => {
    const { stderr } = await bench.done(['split', 'flux', '10', '-n', NS, '--force', '--dry-run=client']);
    expect(stderr).to.match(/--force goes past route-owned: /);
  });

  it('--ignore-owner goes on, and the owner keeps what it wrote beside', async () => {
    const names = Object.keys(cases);
    await bench.done(['split', ...names, '10', '-n', NS, '--ignore-owner', '--yes']);
    for (const name of names) {
      const route = await bench.route(NS, name);
      expect(weights(route), name).to.deep.equal([
        [`${NS}-preview`, 90],
        [`${NS}-ga`, 10],
      ]);
      const managers = (route.metadata['managedFields'] as Json[]).map(({ manager }) => manager);
      expect(managers).to.include('kubectl-infpool').and.include(cases[name]!.manager);
    }
  });
});
