// Whole clusters as people have them, in all the ways that our kinds can be written and can point at each other. All
// of it is valid for the real CRDs. Names are few, so that they collide.
import fc from 'fast-check';
import type { KubeObject, ObjectMeta } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { MIGRATED_FROM_ANNOTATION } from '../../src/api/names.ts';
import { alphaPool, model, object, v1Pool } from '../support/objects.ts';
import { bystanders, destinationRules, grants, policies } from './beside.ts';
import { routes } from './routes.ts';
import { some } from './some.ts';

export interface World {
  /** In the order in which an API server lists them: by kind, namespace and name. */
  readonly objects: readonly KubeObject[];
}

/** What routes and all others can point at, before anything of it is there. */
export interface Places {
  readonly namespaces: readonly string[];
  readonly alphas: readonly KubeObject[];
  readonly v1s: readonly KubeObject[];
}

const NAMESPACES = ['llm', 'web', 'a'] as const;
const ALPHA_NAMES = ['food', 'drinks-preview', 'tea'] as const;
const V1_NAMES = ['food', 'food-ga', 'drinks-ga', 'mine'] as const;

const selector = fc.constantFrom<Record<string, string>>(
  { app: 'vllm' },
  { app: 'tea' },
  { app: 'vllm', 'example.com/tier': 'gpu' },
);
const port = fc.constantFrom(8000, 8080, 1, 65535);
const failureMode = fc.constantFrom('FailOpen', 'FailClose');

const meta = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Partial<ObjectMeta>>({}) },
  fc.constantFrom('v0.3.0', 'v0.5.1').map((version): Partial<ObjectMeta> => ({
    labels: { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/version': version },
  })),
  fc.constant<Partial<ObjectMeta>>({
    uid: 'u',
    resourceVersion: '7',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'ai' },
  }),
);

function alphaPools(namespace: string): fc.Arbitrary<KubeObject[]> {
  const extension = some({
    kind: fc.constant('Service'),
    group: fc.constant(''),
    portNumber: fc.constantFrom(9002, 9003),
    failureMode,
  });
  const one = (name: string) =>
    fc.tuple(selector, port, extension, meta).map(([selects, targetPortNumber, more, around]) => {
      const extensionRef = { name: `${name}-epp`, ...more };
      return alphaPool(name, { selector: selects, targetPortNumber, extensionRef }, { namespace, ...around });
    });
  return fc.subarray([...ALPHA_NAMES]).chain((names) => fc.tuple(...names.map(one)));
}

/** Made by hand: of a conventional name or another one, of the same selector or another one, marked or not. */
function v1Pools(namespace: string): fc.Arbitrary<KubeObject[]> {
  const one = (name: string) =>
    fc
      .tuple(selector, port, failureMode, fc.option(fc.constantFrom(...ALPHA_NAMES), { freq: 3 }))
      .map(([matchLabels, number, mode, from]) => {
        // A picker serves one pool.
        const service = ALPHA_NAMES.some((alpha) => alpha === name) ? `${name}-v1-epp` : `${name}-epp`;
        const picker = { group: '', kind: 'Service', name: service, port: { number: 9002 } };
        const spec = {
          selector: { matchLabels },
          targetPorts: [{ number }],
          endpointPickerRef: { ...picker, failureMode: mode },
        };
        const annotations = from === null ? {} : { annotations: { [MIGRATED_FROM_ANNOTATION]: from } };
        return v1Pool(name, spec, { namespace, ...annotations });
      });
  return fc.subarray([...V1_NAMES], { maxLength: 2 }).chain((names) => fc.tuple(...names.map(one)));
}

function models(namespace: string): fc.Arbitrary<KubeObject[]> {
  const targets = fc.integer({ min: 0, max: 3 }).chain((count) =>
    fc.boolean().map((weighted) =>
      Array.from({ length: count }, (_, index) => ({
        name: `target-${index}`,
        ...(weighted ? { weight: [1, 99, 1_000_000][index]! } : {}),
      })),
    ),
  );
  const spec = (name: string) =>
    fc
      .tuple(
        fc.constantFrom(...ALPHA_NAMES, 'gone'),
        some({ kind: fc.constant('InferencePool'), group: fc.constant(r.ALPHA_GROUP) }),
        some({ criticality: fc.constantFrom('Critical', 'Standard', 'Sheddable'), targetModels: targets }),
      )
      .map(([pool, more, rest]) =>
        model(name, { modelName: `${name}/base`, poolRef: { name: pool, ...more }, ...rest }, { namespace }),
      );
  return fc.subarray(['m1', 'm2', 'm3']).chain((names) => fc.tuple(...names.map(spec)));
}

const gateway = object(
  r.GATEWAY,
  'gw',
  { spec: { gatewayClassName: 'class', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] } },
  { namespace: 'llm' },
);

const flat = (lists: readonly (readonly KubeObject[])[]) => lists.flat();
const each = (of: (namespace: string) => fc.Arbitrary<KubeObject[]>, namespaces: readonly string[]) =>
  fc.tuple(...namespaces.map(of)).map(flat);

/** A cluster; by default with everything in it. */
export const worlds: fc.Arbitrary<World> = fc
  .subarray([...NAMESPACES], { minLength: 1 })
  .chain((namespaces) =>
    fc.tuple(each(alphaPools, namespaces), each(v1Pools, namespaces)).map(([alphas, v1s]): Places => ({
      namespaces,
      alphas,
      v1s,
    })),
  )
  .chain((places) =>
    fc
      .tuple(
        each(models, places.namespaces),
        routes(places),
        grants(places),
        policies(places),
        destinationRules(places),
        bystanders(places),
      )
      .map((others) => ({ objects: [...places.alphas, ...places.v1s, gateway, ...others.flat()] })),
  );
