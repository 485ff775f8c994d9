// What a person reads of a cluster before anything is planned: by golden file.
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { ELSEWHERE, unknownElsewhere } from '../../src/inventory/elsewhere.ts';
import { expectGolden } from '../support/golden.ts';
import {
  alphaPool,
  byHelm,
  crd,
  grant,
  model,
  object,
  policy,
  route,
  rule,
  toAlpha,
  v1Pool,
} from '../support/objects.ts';
import { FORBIDDEN, inventory, snapshot } from '../support/snapshot.ts';
import type { Finding } from '../../src/api/finding.ts';

type World = readonly [what: string, findings: readonly Finding[]];

function told(worlds: readonly World[]): string {
  return worlds
    .map(([what, findings]) =>
      [
        `${what}:`,
        ...findings.map(
          ({ id, severity, ref, field, message, hint }) =>
            `  ${severity} ${id} at ${[ref?.kind, ref?.name, field].join(' ').trim() || 'the cluster'}\n    ${message}\n    ${hint}`,
        ),
        '',
      ].join('\n'),
    )
    .join('\n');
}

const of = (what: string, objects: KubeObject[], options: Parameters<typeof inventory>[1] = {}): World => [
  what,
  inventory(objects, options).findings,
];

describe('what is said of a cluster', () => {
  it('as it is', () => {
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef: toAlpha() } };
    const everyAlpha = { group: r.ALPHA_GROUP, kind: 'InferencePool', name: 'food' };
    const both = [crd(r.ALPHA_POOL), crd(r.MODEL)];
    const wide = new Map(ELSEWHERE.map((kind) => [r.qualifiedName(kind), FORBIDDEN]));
    expectGolden(
      'inventory/findings.txt',
      told([
        of('a name in both groups', [alphaPool(), v1Pool('food', { selector: { matchLabels: { a: 'b' } } })]),
        of('several counterparts', [alphaPool(), v1Pool('a'), v1Pool('b')]),
        of('a model without its pool', [model()]),
        of('a route without its pool', [route()]),
        of('a mirror without its pool', [route([rule([], { filters: [mirror] })])]),
        of('a grant for nothing', [grant([everyAlpha])]),
        of('a policy for nothing', [policy(r.HEALTH_CHECK_POLICY, toAlpha())]),
        of('a version that is not served', [crd(r.ALPHA_POOL)], { notInstalled: [r.ALPHA_POOL] }),
        of('a CRD that is left', [crd(r.MODEL)]),
        of('both CRDs left', both),
        of('CRDs left, seen from one namespace', both, { namespace: 'llm' }),
        of('CRDs in use', [...both, alphaPool()]),
        [
          'other namespaces unknown',
          unknownElsewhere(snapshot([alphaPool()], { namespace: 'llm' }), wide, [r.ALPHA_POOL]),
        ],
      ]),
    );
  });

  it('where something watches the alpha pool or its picker', () => {
    const alpha = alphaPool();
    const v1 = v1Pool();
    const advised = (objects: KubeObject[], next: KubeObject | null = v1) =>
      advisoryReferences(objects, [{ alpha, v1: next ? refOf(next) : null }]).findings;
    const picker = (name: string, labels: Record<string, string>) => [
      object(r.SERVICE, name, { spec: { selector: { run: name } } }, { labels }),
      object(r.DEPLOYMENT, name, { spec: { template: { metadata: { labels: { ...labels, run: name } } } } }),
    ];
    const byName = { selector: { matchLabels: { inferencepool: 'food-epp' } } };
    const byApp = { selector: { matchLabels: { app: 'picker' } } };
    const pickers = [
      ...picker('food-epp', { app: 'picker' }),
      ...picker('food-ga-epp', { app: 'next', of: 'v1' }),
    ];
    const monitor = (kind: r.Resource, spec: object, meta = {}) => object(kind, 'metrics', { spec }, meta);
    expectGolden(
      'inventory/monitors.txt',
      told([
        ['a ServiceMonitor, by name', advised([monitor(r.SERVICE_MONITOR, byName), v1])],
        ['a PodMonitoring, before there is a v1 pool', advised([monitor(r.POD_MONITORING, byName)], null)],
        ['a ServiceMonitor, by labels', advised([monitor(r.SERVICE_MONITOR, byApp), v1, ...pickers])],
        ['a PodMonitor, by labels', advised([monitor(r.POD_MONITOR, byApp), v1, ...pickers])],
        [
          'one that takes both',
          advised([
            monitor(r.POD_MONITOR, { selector: { matchExpressions: [{ key: 'run', operator: 'Exists' }] } }),
            v1,
            ...pickers,
          ]),
        ],
        ['one of a chart', advised([monitor(r.SERVICE_MONITOR, byName, byHelm('rel')), v1])],
        ['one of another namespace', advised([monitor(r.POD_MONITOR, byName, { namespace: 'web' }), v1])],
      ]),
    );
  });
});
