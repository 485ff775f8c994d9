import { expect } from 'chai';
import type { ObjectMeta } from '../../src/api/object.ts';
import { ownerOf } from '../../src/inventory/owner.ts';
import { alphaPool, byHelm } from '../support/objects.ts';

const owner = (meta: Partial<ObjectMeta>) => ownerOf(alphaPool('food', {}, meta));
const controller = { apiVersion: 'x/v1', kind: 'LLMInferenceService', name: 'svc', uid: '1' };

describe('the owner of an object', () => {
  it('is nobody where nothing says so', () => {
    expect(owner({})).to.equal(null);
    expect(owner({ labels: { app: 'x' }, annotations: { a: 'b' }, ownerReferences: [] })).to.equal(null);
  });

  it('is the Helm release', () => {
    expect(owner(byHelm('rel'))).to.deep.equal({ kind: 'Helm', name: 'rel', namespace: 'llm' });
    const moved = byHelm('rel', { annotations: { 'meta.helm.sh/release-namespace': 'elsewhere' } });
    expect(owner(moved)).to.include({ namespace: 'elsewhere' });
  });

  it('is not Helm by a label or an annotation alone, which people copy', () => {
    expect(owner({ labels: { 'app.kubernetes.io/managed-by': 'Helm' } })).to.equal(null);
    expect(owner({ annotations: { 'meta.helm.sh/release-name': 'rel' } })).to.equal(null);
  });

  it('is the controller among the owner references, with its group', () => {
    const other = { ...controller, kind: 'Other' };
    expect(owner({ ownerReferences: [other, { ...controller, controller: true }] })).to.deep.equal({
      kind: 'Controller',
      name: 'LLMInferenceService/svc',
      namespace: 'llm',
      group: 'x',
    });
    expect(owner({ ownerReferences: [other] })).to.include({ name: 'Other/svc' });
    expect(owner({ ownerReferences: [{ ...other, apiVersion: 'v1' }] })).to.not.have.property('group');
  });

  it('is the one that writes last: a controller before Git, Git before Helm, Helm before a field manager', () => {
    const argo = byHelm('rel', { labels: { 'argocd.argoproj.io/instance': 'app' } });
    expect(owner(argo)).to.include({ kind: 'ArgoCD' });
    const flux = byHelm('rel', { labels: { 'helm.toolkit.fluxcd.io/name': 'hr' } });
    expect(owner(flux)).to.include({ kind: 'Flux' });
    expect(owner({ ...argo, ownerReferences: [controller] })).to.include({ kind: 'Controller' });
    const managedFields = [{ manager: 'house-operator', operation: 'Apply', fieldsV1: { 'f:spec': {} } }];
    expect(owner(byHelm('rel', { managedFields }))).to.include({ kind: 'Helm' });
    expect(owner({ managedFields })).to.include({ kind: 'FieldManager' });
  });
});
