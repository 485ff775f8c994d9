import { expect } from 'chai';
import fc from 'fast-check';
import type { FieldsManager } from '../../src/api/object.ts';
import { ownerOf } from '../../src/inventory/owner.ts';
import { fieldManagerOwner } from '../../src/inventory/owners/managers.ts';
import { route } from '../support/objects.ts';

const spec = { 'f:spec': { 'f:rules': {} } };
const wrote = (manager: string, operation: string, more: FieldsManager = {}): FieldsManager => ({
  manager,
  operation,
  time: '2026-01-01T00:00:00Z',
  fieldsV1: spec,
  ...more,
});
const of = (entries: readonly FieldsManager[], ours?: string) =>
  fieldManagerOwner(route([], { managedFields: [...entries] }), ours)?.name ?? null;

describe('a field manager as owner', () => {
  it('is whoever declares the spec by server-side apply', () => {
    for (const manager of [
      'argocd-controller',
      'kustomize-controller',
      'pulumi-kubernetes-5f',
      'house-operator',
      'ci',
    ])
      expect(of([wrote(manager, 'Apply')])).to.equal(manager);
  });

  it('is a known controller that updates', () => {
    for (const manager of [
      'argocd-controller',
      'argocd-application-controller',
      'kustomize-controller',
      'helm-controller',
      'flagger',
      'rollouts-controller',
      'argo-rollouts',
      'gatewayAPI',
      'pulumi-kubernetes',
      'Terraform',
      'HashiCorp',
      'crossplane-kubernetes-provider',
      'fleetagent',
    ])
      expect(of([wrote(manager, 'Update')]), manager).to.equal(manager);
  });

  it('is no person, whatever they type with', () => {
    for (const manager of [
      'kubectl',
      'kubectl-client-side-apply',
      'kubectl-edit',
      'kubectl-patch',
      'kubectl-last-applied',
      'kubectl-infpool',
      'k9s',
      'lens',
      'OpenLens',
      'node-fetch',
      'curl',
      'Mozilla',
      'before-first-apply',
    ])
      for (const operation of ['Apply', 'Update'])
        expect(of([wrote(manager, operation)]), `${manager} ${operation}`).to.equal(null);
  });

  it('is nobody unknown who updates: everything that ever wrote leaves such an entry', () => {
    expect(of([wrote('somebody', 'Update')])).to.equal(null);
  });

  it('is not ourselves, under any name', () => {
    expect(of([wrote('night-shift', 'Apply')], 'night-shift')).to.equal(null);
    expect(of([wrote('kubectl-infpool', 'Apply')], 'night-shift')).to.equal(null);
    expect(of([wrote('night-shift', 'Apply')])).to.equal('night-shift');
  });

  it('is nobody who wrote the status, or metadata only', () => {
    expect(of([wrote('gateway', 'Apply', { subresource: 'status' })])).to.equal(null);
    expect(of([wrote('labeller', 'Apply', { fieldsV1: { 'f:metadata': {} } })])).to.equal(null);
  });

  it('is the one who wrote last of several', () => {
    const early = wrote('early', 'Apply');
    const late = wrote('late', 'Apply', { time: '2026-02-01T00:00:00Z' });
    expect(of([early, late])).to.equal('late');
    expect(of([late, early])).to.equal('late');
    expect(of([late, wrote('kubectl', 'Apply', { time: '2026-03-01T00:00:00Z' })])).to.equal('late');
  });

  it('is told from an entry that was reduced as from a whole one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('argocd-controller', 'kubectl', 'flagger', 'x'),
        fc.constantFrom('Apply', 'Update'),
        fc.constantFrom('f:spec', 'f:metadata'),
        fc.boolean(),
        (manager, operation, field, status) => {
          const entry: FieldsManager = {
            ...wrote(manager, operation, { fieldsV1: { [field]: {} } }),
            ...(status ? { subresource: 'status' } : {}),
          };
          const reduced = status || field !== 'f:spec' ? [] : [{ manager, operation, time: entry.time! }];
          expect(of([entry])).to.equal(of(reduced));
        },
      ),
    );
  });

  it('is asked for by ownerOf, which hands on who we are', () => {
    const object = route([], { managedFields: [wrote('night-shift', 'Apply')] });
    expect(ownerOf(object)).to.deep.equal({ kind: 'FieldManager', name: 'night-shift', namespace: '' });
    expect(ownerOf(object, 'night-shift')).to.equal(null);
  });
});
