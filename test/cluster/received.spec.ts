import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { received, withoutManagedFields } from '../../src/cluster/received.ts';
import { toYaml } from '../../src/report/yaml.ts';

const time = '2026-01-01T00:00:00Z';
const entries = [
  { manager: 'argocd-controller', operation: 'Apply', time, fieldsV1: { 'f:spec': { 'f:rules': {} } } },
  { manager: 'gateway', operation: 'Update', time, subresource: 'status', fieldsV1: { 'f:spec': {} } },
  { manager: 'labeller', operation: 'Update', time, fieldsV1: { 'f:metadata': { 'f:labels': {} } } },
];

function read(resource: r.Resource, managedFields: unknown[] = entries): KubeObject {
  const metadata = { name: 'a', namespace: 'llm', managedFields: structuredClone(managedFields) };
  return received(resource, { metadata, spec: {} } as unknown as KubeObject);
}

describe('an object as it is kept', () => {
  it('can still be asked who wrote its spec, and nothing more of managedFields', () => {
    for (const resource of [
      r.HTTP_ROUTE,
      r.REFERENCE_GRANT,
      r.ALPHA_POOL,
      r.V1_POOL,
      r.HEALTH_CHECK_POLICY,
      r.GCP_BACKEND_POLICY,
      r.GCP_TRAFFIC_POLICY,
      r.DESTINATION_RULE,
    ])
      expect(read(resource).metadata.managedFields, resource.kind).to.deep.equal([
        { manager: 'argocd-controller', operation: 'Apply', time },
      ]);
  });

  it('is asked so whichever version it was read in', () => {
    const read1 = read({ ...r.HTTP_ROUTE, version: 'v1beta1' });
    expect(read1.metadata.managedFields).to.have.length(1);
  });

  it('has nothing of them where nobody asks whose it is, or nobody wrote a spec', () => {
    for (const object of [read(r.SERVICE), read(r.POD), read(r.MODEL), read(r.HTTP_ROUTE, entries.slice(1))])
      expect(object.metadata).to.not.have.property('managedFields');
  });

  it('never shows them in a copy, in JSON or in YAML', () => {
    const object = read(r.HTTP_ROUTE);
    const copies = [
      { ...object, metadata: { ...object.metadata } },
      structuredClone(object),
      JSON.parse(JSON.stringify(object)) as KubeObject,
      Object.fromEntries(Object.entries(object)) as unknown as KubeObject,
    ];
    for (const copy of copies)
      expect(JSON.stringify(copy.metadata), 'a copy').to.equal('{"name":"a","namespace":"llm"}');
    expect(toYaml(object)).to.not.include('managedFields');
    expect(Object.keys(object.metadata)).to.deep.equal(['name', 'namespace']);
  });

  it('loses them for good on the way to a write', () => {
    expect(withoutManagedFields(read(r.HTTP_ROUTE)).metadata).to.not.have.property('managedFields');
  });

  it('may have no metadata at all', () => {
    expect(received(r.HTTP_ROUTE, {} as KubeObject)).to.include({ kind: 'HTTPRoute' });
  });
});
