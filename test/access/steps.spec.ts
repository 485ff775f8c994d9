import { expect } from 'chai';
import fc from 'fast-check';
import { targetName } from '../../src/access/permission.ts';
import { ROLES } from '../../src/access/roles.ts';
import { needsOf } from '../../src/access/steps.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Step, WaitCondition } from '../../src/api/plan.ts';
import { ref } from '../../src/api/ref.ts';
import {
  ALPHA_POOL,
  apiVersionOf,
  CLUSTER_ROLE,
  CRD,
  HTTP_ROUTE,
  MODEL,
  OBJECTIVE,
  SERVICE,
  V1_POOL,
  type Resource,
} from '../../src/api/resource.ts';

const object = (kind: Resource, name = 'x', more: object = {}): KubeObject => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  metadata: { name, ...(kind.namespaced ? { namespace: 'team' } : {}) },
  ...more,
});
const base = (kind: Resource, name = 'x') => ({ ref: ref(kind, 'team', name), reason: '' });
const apply = (kind: Resource, live = false): Step => ({
  ...base(kind),
  action: kind === CRD ? 'crd' : 'apply',
  manifest: object(kind),
  live: live ? object(kind) : null,
});
const wait = (kind: Resource, condition: WaitCondition): Step => ({
  ...base(kind),
  action: 'wait',
  condition,
});
const remove = (kind: Resource): Step => ({ ...base(kind), action: 'delete', before: object(kind) });
const create = (manifest: KubeObject, kind: Resource): Step => ({
  ...base(kind),
  action: 'create',
  manifest,
});
const helm = (verb: 'install' | 'uninstall', provider = 'none'): Step => ({
  ...base(V1_POOL),
  action: 'helm',
  verb,
  release: 'x',
  namespace: 'team',
  args: [verb, 'x', '--set', `provider.name=${provider}`],
});

const said = (steps: Step[], released: KubeObject[] = []) =>
  needsOf(steps, released).map(({ verb, resource, namespace, name }) =>
    [verb, targetName(resource), namespace, name].join(' ').trim(),
  );

describe('what a plan needs', () => {
  const pool = `${targetName(V1_POOL)} team x`;
  const rows: [what: string, steps: Step[], needs: string[]][] = [
    [
      'an apply of what is not there',
      [apply(V1_POOL)],
      [`create ${targetName(V1_POOL)} team`, `patch ${pool}`],
    ],
    ['an apply over what is there', [apply(V1_POOL, true)], [`patch ${pool}`]],
    [
      'a CRD, which is waited for',
      [apply(CRD, true)],
      ['patch', 'list', 'watch'].map((verb) => `${verb} ${targetName(CRD)}  x`),
    ],
    [
      'a deletion',
      [remove(MODEL)],
      ['get', 'delete', 'list', 'watch'].map((verb) => `${verb} ${targetName(MODEL)} team x`),
    ],
    [
      'a wait for a pool',
      [wait(V1_POOL, 'poolReady')],
      ['list', 'watch', 'get'].map((verb) => `${verb} ${pool}`),
    ],
    [
      'a wait for a route',
      [wait(HTTP_ROUTE, 'routeAccepted')],
      ['list', 'watch'].map((verb) => `${verb} ${targetName(HTTP_ROUTE)} team x`),
    ],
  ];
  for (const [what, steps, needs] of rows)
    it(`${what}: is asked for`, () => expect(said(steps)).to.deep.equal(needs));

  it('is asked for once, however many steps need it', () =>
    expect(said([remove(MODEL), remove(MODEL)])).to.have.length(4));

  it('is nothing of a kind that we do not know: the server says that itself', () => {
    const manifest = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' } };
    const step: Step = {
      action: 'create',
      ref: { group: 'example.com', version: 'v1', kind: 'Thing', namespace: '', name: 'x' },
      reason: '',
      manifest,
    };
    expect(said([step])).to.deep.equal([]);
  });

  it('of a role are the rights that it grants, or to escalate', () => {
    const rules = [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
    ];
    const needs = needsOf([create(object(CLUSTER_ROLE, 'x', { rules }), CLUSTER_ROLE)]);
    const granted = needs.filter(({ or }) => or);
    expect(granted.map(({ verb, resource }) => `${verb} ${resource.plural}`)).to.deep.equal([
      'get pods',
      'list pods',
    ]);
    for (const { or } of granted) expect(or).to.deep.include({ verb: 'escalate', resource: CLUSTER_ROLE });
  });

  it("of a chart is what its provider's has, and certain only of helm's own storage", () => {
    const [gke, none] = [said([helm('install', 'gke')]), said([helm('install')])];
    expect(gke).to.include('create healthcheckpolicies.networking.gke.io team');
    expect(none).not.to.include('create healthcheckpolicies.networking.gke.io team');
    expect(none).to.include('create clusterroles.rbac.authorization.k8s.io');
    for (const { resource, certain } of needsOf([helm('install')]))
      expect(certain).to.equal(resource.plural === 'secrets');
  });

  it('of a release that goes is asked for object by object', () => {
    const needs = said([helm('uninstall')], [object(ALPHA_POOL), object(SERVICE, 'x-epp')]);
    expect(needs).to.include.members([
      `delete ${targetName(ALPHA_POOL)} team x`,
      'delete services team x-epp',
    ]);
    expect(said([remove(MODEL)], [object(SERVICE)])).not.to.include('delete services team x');
  });

  it('is in the role of the command that makes such plans', () => {
    const held = (...ids: string[]) =>
      new Set(
        ROLES.filter(({ id }) => ids.includes(id)).flatMap(({ permissions }) =>
          permissions.map(({ verb, resource }) => `${verb} ${targetName(resource)}`),
        ),
      );
    const plans: [ids: string[], steps: Step[]][] = [
      [
        ['convert-apply', 'helm-install'],
        [
          apply(V1_POOL),
          apply(OBJECTIVE),
          apply(CRD),
          wait(V1_POOL, 'eppReady'),
          helm('install', 'gke'),
          helm('install', 'istio'),
        ],
      ],
      [
        ['migrate', 'helm-install'],
        [
          apply(V1_POOL),
          apply(CRD),
          wait(V1_POOL, 'poolReady'),
          wait(HTTP_ROUTE, 'routeAccepted'),
          helm('install', 'gke'),
        ],
      ],
      [
        ['cleanup', 'cleanup-crds', 'helm-uninstall'],
        [
          remove(ALPHA_POOL),
          remove(MODEL),
          remove(SERVICE),
          remove(CRD),
          wait(ALPHA_POOL, 'gone'),
          helm('uninstall'),
        ],
      ],
      [
        ['restore'],
        [
          create(object(ALPHA_POOL), ALPHA_POOL),
          create(object(CLUSTER_ROLE), CLUSTER_ROLE),
          wait(ALPHA_POOL, 'eppReady'),
        ],
      ],
    ];
    for (const [ids, steps] of plans)
      fc.assert(
        fc.property(fc.subarray(steps), (some) => {
          const rights = held(...ids);
          for (const { verb, resource } of needsOf(some))
            expect(rights).to.include(`${verb} ${targetName(resource)}`);
        }),
        { numRuns: 30 },
      );
  });
});
