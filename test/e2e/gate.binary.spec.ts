// The version gate: where GKE brings the v1 pool's CRD itself, it is never touched; anywhere else it is installed.
import { expect } from 'chai';
import { crdsOf } from '../lab/control-plane/crds.ts';
import type { KubeObject } from '../lab/kube.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { alphaPool } from './samples.ts';
import { CRDS, crdFolder, infpool, OBJECTIVES, V1, V1_POOLS, type Outcome } from './support.ts';

const VERSIONS: Record<string, 'GKE' | 'us'> = {
  'v1.33.5-gke.1200000': 'us',
  'v1.34.0-gke.1625999': 'us',
  'v1.34.0-gke.1626000': 'GKE',
  'v1.35.0-gke.1': 'GKE',
  'v1.34.2': 'us',
};

describe('the version gate', function () {
  this.timeout(120_000);
  let lab: Lab;

  afterEach(() => lab?.down());

  const crd = (lab: Lab, name: string) =>
    lab.admin.get({ apiVersion: CRDS, kind: 'CustomResourceDefinition', name });
  const run = (lab: Lab, ...args: string[]): Promise<Outcome> =>
    infpool(args, { cwd: lab.dir, env: { ...process.env, ...lab.env } });

  /** As GKE does it, in its own words. */
  async function byGke(lab: Lab): Promise<KubeObject> {
    const found = (await crdsOf('gie-v1.0.0')).find(({ metadata }) => metadata.name === V1_POOLS)!;
    const annotations = {
      ...found.metadata['annotations'],
      'components.gke.io/component-name': 'inference',
      'inference.networking.k8s.io/bundle-version': 'v0.9.0',
    };
    await lab.admin.apply({ ...found, metadata: { ...found.metadata, annotations } }, 'gke-addon-manager');
    for (;;) {
      const object = (await crd(lab, V1_POOLS))!;
      const conditions = (object['status']?.conditions ?? []) as { type: string; status: string }[];
      const holds = (type: string) => conditions.some((one) => one.type === type && one.status === 'True');
      // The last two that the server writes: then nobody but us would change it any more.
      if (holds('Established') && holds('KubernetesAPIApprovalPolicyConformant')) return object;
    }
  }

  for (const [gitVersion, owner] of Object.entries(VERSIONS))
    it(`${gitVersion}: the v1 pool CRD is ${owner === 'GKE' ? "GKE's" : 'ours to install'}`, async () => {
      lab = await startLab({
        gitVersion,
        crds: ['gateway-api', 'gie-v0.3.0'],
        controllerManager: false,
        quiet: true,
      });
      const from = ['--from', await crdFolder('v1.0.0')];
      const listed = JSON.parse((await run(lab, 'crds', '-o', 'json')).stdout);
      const row = listed.crds.find(({ name }: { name: string }) => name === V1_POOLS);
      expect(row.needed.action).to.equal(owner === 'GKE' ? 'keep' : 'install');

      if (owner === 'us') {
        expect((await run(lab, 'crds', 'install', '--yes', ...from)).code).to.equal(0);
        expect((await crd(lab, V1_POOLS))?.metadata['managedFields'][0].manager).to.equal('kubectl-infpool');
      } else {
        // Not brought yet: then it is not for us to bring, and nothing at all is written.
        const missing = await run(lab, 'crds', 'install', '--yes', ...from);
        expect(missing.stderr).to.include('gke-crd-missing').and.include(V1_POOLS);
        expect(missing.code).to.equal(3);
        expect(await crd(lab, V1_POOLS)).to.equal(undefined);
        expect(await crd(lab, OBJECTIVES)).to.equal(undefined);

        const before = await byGke(lab);
        expect((await run(lab, 'crds', 'install', '--yes', ...from)).code).to.equal(0);
        expect(await crd(lab, V1_POOLS)).to.deep.equal(before);
      }
      expect(await crd(lab, OBJECTIVES)).to.be.an('object');

      // Again, and as part of phase 1: nothing more to do for the CRDs.
      // The API server goes on writing conditions for a moment.
      const versions = async () =>
        (await lab.admin.list(CRDS, 'customresourcedefinitions')).map(({ metadata }) => [
          metadata.name,
          metadata['generation'],
          JSON.stringify(
            (metadata['managedFields'] as { manager: string }[]).filter(
              ({ manager }) => manager !== 'kube-apiserver',
            ),
          ),
        ]);
      const before = await versions();
      expect((await run(lab, 'crds', 'install', '--yes', ...from)).stderr).to.match(/Nothing to do/);
      await lab.admin.apply(alphaPool('default', 'food'));
      const runbook = (await run(lab, 'convert', '-o', 'script')).stdout;
      expect(/v1\.0\.0\/manifests\.yaml/.test(runbook)).to.equal(owner === 'us');
      expect(/_inferenceobjectives\.yaml/.test(runbook)).to.equal(owner === 'GKE');
      await lab.admin.apply({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'default', name: 'food-ga-epp' },
        spec: { ports: [{ port: 9002 }] },
      });
      const flags = ['--apply', '--yes', '--epp', 'none', '--crds-from', await crdFolder('v1.0.0')];
      const converted = await run(lab, 'convert', ...flags);
      expect(converted.code, converted.stderr).to.equal(0);
      expect(await versions()).to.deep.equal(before);
      expect(
        await lab.admin.get({ apiVersion: V1, kind: 'InferencePool', namespace: 'default', name: 'food-ga' }),
      ).to.be.an('object');
    });
});
