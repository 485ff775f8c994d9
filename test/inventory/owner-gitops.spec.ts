import { expect } from 'chai';
import type { ObjectMeta } from '../../src/api/object.ts';
import { ownerOf } from '../../src/inventory/owner.ts';
import { alphaPool, byHelm, route } from '../support/objects.ts';

const owner = (meta: Partial<ObjectMeta>) => ownerOf(alphaPool('food', {}, meta));
const byArgo = [{ manager: 'argocd-controller', operation: 'Update', fieldsV1: { 'f:spec': {} } }];
const app = { kind: 'ArgoCD', name: 'app', namespace: '' };

describe('an Argo CD application as owner', () => {
  const tracked = (id: string) => owner({ annotations: { 'argocd.argoproj.io/tracking-id': id } });

  it('is told by the tracking-id', () => {
    expect(tracked('app:inference.networking.x-k8s.io/InferencePool:llm/food')).to.deep.equal(app);
  });

  it('has a namespace of its own where the tracking-id says so', () => {
    const id = 'team_app:inference.networking.x-k8s.io/InferencePool:llm/food';
    expect(tracked(id)).to.deep.equal({ ...app, namespace: 'team' });
  });

  it('is not the one of another object that the annotation was copied from', () => {
    expect(tracked('app:inference.networking.x-k8s.io/InferencePool:llm/other')).to.equal(null);
    expect(tracked('app:inference.networking.k8s.io/InferencePool:llm/food')).to.equal(null);
    expect(tracked('app:gateway.networking.k8s.io/HTTPRoute:llm/food')).to.equal(null);
  });

  it('is told by a tracking-id that nobody can read, in doubt', () => {
    expect(tracked('app')).to.deep.equal(app);
  });

  it('is told by its own label', () => {
    expect(owner({ labels: { 'argocd.argoproj.io/instance': 'app' } })).to.deep.equal(app);
  });

  it("is told by the well-known instance label only together with Argo CD's field manager", () => {
    const labels = { 'app.kubernetes.io/instance': 'app' };
    expect(owner({ labels })).to.equal(null);
    expect(owner({ labels, managedFields: byArgo })).to.deep.equal(app);
    const helm = [{ ...byArgo[0]!, manager: 'helm' }];
    expect(owner({ labels, managedFields: helm })).to.equal(null);
  });

  it('is told without a name by options that only an application has use for', () => {
    for (const option of ['sync-options', 'sync-wave', 'compare-options'])
      expect(owner({ annotations: { [`argocd.argoproj.io/${option}`]: 'x' } })).to.deep.equal({
        ...app,
        name: '',
      });
    expect(owner({ annotations: { 'argocd.argoproj.io/other': 'x' } })).to.equal(null);
  });

  it('is not told by options that a chart carries, where Helm installed it', () => {
    const meta = byHelm('rel', { annotations: { 'argocd.argoproj.io/sync-wave': '1' } });
    expect(owner(meta)).to.include({ kind: 'Helm' });
  });
});

describe('Flux as owner', () => {
  const labels = (toolkit: string) => ({
    [`${toolkit}.toolkit.fluxcd.io/name`]: 'k',
    [`${toolkit}.toolkit.fluxcd.io/namespace`]: 'f',
  });

  for (const toolkit of ['kustomize', 'helm'])
    it(`is told by the labels of its ${toolkit} toolkit`, () => {
      expect(owner({ labels: labels(toolkit) })).to.deep.equal({
        kind: 'Flux',
        name: 'k',
        namespace: 'f',
        group: `${toolkit}.toolkit.fluxcd.io`,
      });
    });

  it('is none where it was told to leave the object alone, whatever its field manager once wrote', () => {
    const managedFields = [
      { manager: 'kustomize-controller', operation: 'Apply', fieldsV1: { 'f:spec': {} } },
    ];
    for (const [key, value] of [
      ['reconcile', 'disabled'],
      ['ssa', 'Ignore'],
      ['ssa', 'IfNotPresent'],
      ['ssa', 'ignore'],
    ] as const) {
      const annotations = { [`kustomize.toolkit.fluxcd.io/${key}`]: value };
      expect(owner({ labels: labels('kustomize'), annotations, managedFields }), `${key}: ${value}`).to.equal(
        null,
      );
    }
    const merge = { 'kustomize.toolkit.fluxcd.io/ssa': 'Merge' };
    expect(owner({ labels: labels('kustomize'), annotations: merge })).to.include({ kind: 'Flux' });
    expect(owner({ annotations: merge, managedFields })).to.include({ name: 'kustomize-controller' });
  });
});

describe('Config Sync as owner', () => {
  const managed = { 'configmanagement.gke.io/managed': 'enabled' };
  const sync = {
    'configmanagement.gke.io/sync-kind': 'RootSync',
    'configmanagement.gke.io/sync-name': 'root-sync',
    'configmanagement.gke.io/sync-namespace': 'config-management-system',
  };
  const root = { kind: 'ConfigSync', name: 'RootSync/root-sync', namespace: 'config-management-system' };

  it('is told by annotation or label, with the sync wherever that is written', () => {
    expect(owner({ annotations: { ...managed, ...sync } })).to.deep.equal(root);
    expect(owner({ annotations: managed, labels: sync })).to.deep.equal(root);
    const byLabel = { 'app.kubernetes.io/managed-by': 'configmanagement.gke.io' };
    expect(owner({ labels: { ...byLabel, ...sync } })).to.deep.equal(root);
  });

  it('is told by its manager annotation, or without a name, where that is all', () => {
    const manager = { 'configsync.gke.io/manager': ':root' };
    expect(owner({ annotations: { ...managed, ...manager } })).to.include({
      kind: 'ConfigSync',
      name: ':root',
    });
    expect(owner({ annotations: managed })).to.include({ kind: 'ConfigSync', name: '' });
  });

  it('is none where it was told to stop', () => {
    expect(owner({ annotations: { ...sync, 'configmanagement.gke.io/managed': 'disabled' } })).to.equal(null);
    expect(owner({ annotations: sync })).to.equal(null);
  });
});

describe('other appliers as owner', () => {
  const objectset = (fields: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [`objectset.rio.cattle.io/${key}`, value]),
    );

  it('is the Rancher Fleet bundle', () => {
    const meta = { annotations: objectset({ id: 'default-llm' }), labels: objectset({ hash: 'abc' }) };
    expect(owner(meta)).to.deep.equal({ kind: 'Fleet', name: 'default-llm', namespace: '' });
    expect(owner({ labels: objectset({ hash: 'abc' }) })).to.deep.equal({
      kind: 'Fleet',
      name: '',
      namespace: '',
    });
  });

  it("is K3s' Addon, which leaves the same annotations", () => {
    const annotations = objectset({
      id: '',
      'owner-gvk': 'k3s.cattle.io/v1, Kind=Addon',
      'owner-name': 'llm',
      'owner-namespace': 'kube-system',
    });
    const addon = { kind: 'Controller', name: 'Addon/llm', namespace: 'kube-system', group: 'k3s.cattle.io' };
    expect(owner({ annotations })).to.deep.equal(addon);
  });

  it('is the inventory of kpt live, and an ApplySet', () => {
    const inventory = owner({ annotations: { 'config.k8s.io/owning-inventory': 'id-1' } });
    expect(inventory).to.deep.equal({ kind: 'Inventory', name: 'id-1', namespace: '' });
    const set = owner({ labels: { 'applyset.kubernetes.io/part-of': 'applyset-x-v1' } });
    expect(set).to.deep.equal({ kind: 'ApplySet', name: 'applyset-x-v1', namespace: '' });
  });

  it('is Config Sync rather than the inventory that it keeps', () => {
    const meta = {
      annotations: { 'configmanagement.gke.io/managed': 'enabled', 'config.k8s.io/owning-inventory': 'i' },
      labels: { 'applyset.kubernetes.io/part-of': 'a' },
    };
    expect(owner(meta)).to.include({ kind: 'ConfigSync' });
  });

  it('is told for a route as for a pool', () => {
    const id = 'app:gateway.networking.k8s.io/HTTPRoute:llm/llm-route';
    expect(ownerOf(route([], { annotations: { 'argocd.argoproj.io/tracking-id': id } }))).to.deep.equal(app);
  });
});
