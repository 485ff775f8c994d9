import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { misshapen } from '../../src/manifests/shape.ts';

const ALPHA = 'inference.networking.x-k8s.io/v1alpha2';
const V1 = 'inference.networking.k8s.io/v1';
const GATEWAY_API = 'gateway.networking.k8s.io/v1';

const object = (apiVersion: string, kind: string, more: object) =>
  ({ apiVersion, kind, metadata: { name: 'a' }, ...more }) as KubeObject;
const route = (rule: unknown) => object(GATEWAY_API, 'HTTPRoute', { spec: { rules: [rule] } });

describe('the shape of an object', () => {
  const wrong: [object: KubeObject, why: string][] = [
    [object('v1', 'Pod', { metadata: { name: 5 } }), 'metadata.name is not a string'],
    [object('v1', 'Pod', { metadata: 'a' }), 'metadata is not a mapping'],
    [object('v1', 'Pod', { metadata: ['a'] }), 'metadata is not a mapping'],
    [object('v1', 'Pod', { metadata: { labels: 'a=b' } }), 'metadata.labels is not a mapping'],
    [object('v1', 'Pod', { metadata: { labels: { a: 'b', c: 5 } } }), 'metadata.labels["c"] is not a string'],
    [
      object('v1', 'Pod', { metadata: { annotations: { a: true } } }),
      'metadata.annotations["a"] is not a string',
    ],
    [object('v1', 'Pod', { metadata: { finalizers: {} } }), 'metadata.finalizers is not a list'],
    [object('v1', 'Pod', { metadata: { ownerReferences: {} } }), 'metadata.ownerReferences is not a list'],
    [
      object('v1', 'Pod', { metadata: { ownerReferences: ['a'] } }),
      'metadata.ownerReferences[0] is not a mapping',
    ],
    [
      object('v1', 'Pod', { metadata: { ownerReferences: [{}, { uid: 5 }] } }),
      'metadata.ownerReferences[1].uid is not a string',
    ],
    [object(ALPHA, 'InferencePool', { spec: 'none' }), 'spec is not a mapping'],
    [
      object(ALPHA, 'InferencePool', { spec: { selector: { app: 5 } } }),
      'spec.selector["app"] is not a string',
    ],
    [
      object(V1, 'InferencePool', { spec: { selector: { matchLabels: { app: 5 } } } }),
      'spec.selector.matchLabels["app"] is not a string',
    ],
    [object(V1, 'InferencePool', { spec: { targetPorts: [8000] } }), 'spec.targetPorts[0] is not a mapping'],
    [
      object(ALPHA, 'InferencePool', { spec: { extensionRef: { name: [] } } }),
      'spec.extensionRef.name is not a string',
    ],
    [object(ALPHA, 'InferenceModel', { spec: { targetModels: 'a' } }), 'spec.targetModels is not a list'],
    [route('none'), 'spec.rules[0] is not a mapping'],
    [route({ matches: [{ path: '/' }] }), 'spec.rules[0].matches[0].path is not a mapping'],
    [route({ backendRefs: { name: 'a' } }), 'spec.rules[0].backendRefs is not a list'],
    [
      route({ backendRefs: [{ name: 'a', filters: [{ requestMirror: { backendRef: 'b' } }] }] }),
      'spec.rules[0].backendRefs[0].filters[0].requestMirror.backendRef is not a mapping',
    ],
    [
      object(GATEWAY_API, 'Gateway', { status: { addresses: ['10.0.0.1'] } }),
      'status.addresses[0] is not a mapping',
    ],
    [
      object('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [{ verbs: 'get' }] }),
      'rules[0].verbs is not a list',
    ],
    [
      object('networking.istio.io/v1', 'DestinationRule', { spec: { host: {} } }),
      'spec.host is not a string',
    ],
    [
      object('networking.istio.io/v1', 'DestinationRule', { spec: { trafficPolicy: [] } }),
      'spec.trafficPolicy is not a mapping',
    ],
  ];
  for (const [one, why] of wrong)
    it(`can't be: ${one.kind} whose ${why}`, () => expect(misshapen(one)).to.equal(why));

  const fine: KubeObject[] = [
    object('v1', 'Pod', { metadata: { name: 'a', labels: null, annotations: {}, finalizers: [] } }),
    object(ALPHA, 'InferencePool', { spec: { selector: { app: 'vllm' } } }),
    object(V1, 'InferencePool', { spec: { selector: { matchLabels: { app: 'vllm' } } } }),
    route({
      matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      backendRefs: [{ name: 'a', weight: 1 }],
    }),
    // What one kind calls a list of rules is a mapping in another.
    object('example.com/v1', 'InferencePool', { spec: { selector: { app: 5 } }, rules: {} }),
    object('rbac.authorization.k8s.io/v1', 'Role', { rules: null }),
  ];
  for (const [index, one] of fine.entries())
    it(`is well: ${one.kind} (${index + 1})`, () => expect(misshapen(one)).to.equal(null));
});
