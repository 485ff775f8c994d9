import { expect } from 'chai';
import type { Finding } from '../../src/api/finding.ts';
import type { Interlock } from '../../src/api/interlock.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf, type Ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import type { Check } from '../../src/api/verification.ts';
import {
  crdInterlocks,
  ownerInterlocks,
  poolInterlocks,
  releaseInterlocks,
  unreadInterlocks,
  verificationInterlocks,
} from '../../src/cleanup/interlocks.ts';
import { deployment, service } from '../support/healthy.ts';
import {
  alphaPool,
  byHelm,
  grant,
  model,
  object,
  objective,
  policy,
  route,
  rule,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { FORBIDDEN, inventory } from '../support/snapshot.ts';

/** `id kind name`, with a `!` where --force goes past it. */
function brief(interlocks: readonly Interlock[]): string[] {
  return interlocks.map(
    ({ forceable, finding }) =>
      `${finding.id} ${finding.ref?.kind ?? finding.field} ${finding.ref?.name ?? ''}${forceable ? '!' : ''}`,
  );
}

const entryOf = (...objects: KubeObject[]) =>
  inventory(objects).pools.find(({ ref }) => ref.group === r.ALPHA_GROUP)!;

describe('deleting is held up', () => {
  it('by everything that could not be read, past which nothing goes', () => {
    const held = unreadInterlocks(
      inventory([alphaPool()], { forbidden: [r.HTTP_ROUTE, r.MODEL], gitVersion: '' }),
    );
    expect(brief(held)).to.deep.equal([
      'could-not-read inferencemodels.inference.networking.x-k8s.io ',
      'could-not-read httproutes.gateway.networking.k8s.io ',
    ]);
    expect(held[0]!.finding.message).to.contain(FORBIDDEN.message);
  });

  const mirror = { type: 'RequestMirror', requestMirror: { backendRef: toAlpha() } };
  const pointing: [string, KubeObject][] = [
    ['a route', route([[toAlpha(), toV1()]])],
    ['a route at weight 0', route([[toAlpha('food', { weight: 0 }), toV1()]])],
    ['a route of another namespace', route([[toAlpha('food', { namespace: 'llm' })]], { namespace: 'web' })],
    ['a mirror', route([rule([toV1()], { filters: [mirror] })])],
    ['a GRPCRoute', object(r.GRPC_ROUTE, 'llm-route', { spec: { rules: [rule([toAlpha()])] } })],
    ['an AIGatewayRoute', object(r.AI_GATEWAY_ROUTE, 'llm-route', { spec: { rules: [rule([toAlpha()])] } })],
  ];
  for (const [what, from] of pointing)
    it(`by ${what} that still points at the pool`, () => {
      const held = poolInterlocks(entryOf(alphaPool(), v1Pool(), from));
      expect(brief(held)).to.deep.equal([`still-referenced ${from.kind} llm-route!`]);
      expect(held[0]!.finding.ref!.namespace).to.equal(from.metadata.namespace);
      expect(held[0]!.finding.field).to.match(/^spec\.rules\[0\]/);
    });

  it('not by a grant or a policy, which send no requests, nor by routes of others', () => {
    const others = [
      grant([{ group: r.ALPHA_GROUP, kind: 'InferencePool' }]),
      policy(r.HEALTH_CHECK_POLICY, toAlpha()),
      route([[toV1(), toAlpha('drinks')]]),
      route([[toAlpha()]], { namespace: 'web' }),
      route([[toV1('food')]], { name: 'b' }),
    ];
    expect(poolInterlocks(entryOf(alphaPool(), v1Pool(), ...others))).to.be.empty;
  });

  it('tells of each what to do next: split, what is known of its kind, or an editor', () => {
    const hints = (from: KubeObject, advice: Finding[] = []) =>
      poolInterlocks(entryOf(alphaPool(), v1Pool(), from), advice).map(({ finding }) => finding.hint);
    const split = ['Move the traffic first: kubectl infpool split llm-route 100 -n llm'];
    expect(hints(route([[toAlpha(), toV1()]]))).to.deep.equal(split);
    expect(hints(route([rule([toV1()], { filters: [mirror] })]))).to.deep.equal(split);
    const grpc = object(r.GRPC_ROUTE, 'calls', { spec: { rules: [rule([toAlpha()])] } });
    const byHand = ['Take it out by hand: kubectl edit -n llm grpcroutes.gateway.networking.k8s.io/calls'];
    expect(hints(grpc)).to.deep.equal(byHand);
    const advice = (ref: Ref | null, hint: string): Finding => ({
      id: 'reference-grpc-backend-ref',
      severity: 'warning',
      ref,
      field: '',
      message: '',
      hint,
    });
    const others = [advice(null, 'no'), advice({ ...refOf(grpc), name: 'other' }, 'no')];
    expect(hints(grpc, others)).to.deep.equal(byHand);
    expect(hints(grpc, [...others, advice(refOf(grpc), 'Known.')])).to.deep.equal(['Known.']);
  });

  it('says what is in the way, as an error, and who may look', () => {
    const [unread] = unreadInterlocks(inventory([alphaPool()], { forbidden: [r.MODEL] }));
    expect(unread!.finding).to.include({
      severity: 'error',
      hint: 'Run this as a user who may list it in all namespaces; all that this needs, as a role: kubectl infpool auth',
    });
    const [traffic] = poolInterlocks(entryOf(alphaPool(), v1Pool(), route()));
    expect(traffic!.finding.message).to.equal(
      'It still points at inferencepools.inference.networking.x-k8s.io/food in namespace llm; deleting the pool would drop its requests.',
    );
    const [alone] = poolInterlocks(entryOf(alphaPool()));
    expect(alone!.finding).to.deep.include({
      field: '',
      message: 'No v1 pool takes over from it, so its requests would have nowhere to go.',
      hint: 'Create one first: kubectl infpool convert food --apply -n llm. Or, if this pool is not needed any more, pass --force.',
    });
    const [owned] = ownerInterlocks([alphaPool('food', {}, byHelm('rel'))], 'refuse');
    expect(owned!.finding.message).to.equal('It belongs to Helm release rel.');
    const [defined] = crdInterlocks([alphaPool()]);
    expect(defined!.finding.message).to.equal('It would be deleted together with its CRD.');
  });

  it('says how to move the traffic, by the namespace of the route', () => {
    const [held] = poolInterlocks(entryOf(alphaPool(), v1Pool(), route(undefined, { namespace: 'llm' })));
    expect(held!.finding.hint).to.contain('kubectl infpool split').and.to.contain('-n llm');
  });

  it('by a pool that nothing takes over from', () => {
    expect(brief(poolInterlocks(entryOf(alphaPool())))).to.deep.equal(['no-counterpart InferencePool food!']);
  });

  it('by a verification that does not pass, with what did not', () => {
    const entry = entryOf(alphaPool(), v1Pool());
    const check = (verdict: Check['verdict'], id: Check['id']) =>
      ({ id, verdict, evidence: `${id} seen`, group: '', hint: '', subject: entry.ref }) satisfies Check;
    expect(verificationInterlocks(entry, { verdict: 'pass', checks: [] })).to.be.empty;
    for (const verdict of ['fail', 'unknown'] as const) {
      const checks = [check('pass', 'pods-ready'), check(verdict, 'probe')];
      const held = verificationInterlocks(entry, { verdict, checks });
      expect(brief(held)).to.deep.equal(['verify-failed InferencePool food-ga!']);
      expect(held[0]!.finding.message)
        .to.contain(`"${verdict}": probe (probe seen)`)
        .and.not.to.contain('pods-ready');
    }
    const both = [check('fail', 'probe'), check('unknown', 'pods-ready')];
    const [held] = verificationInterlocks(entry, { verdict: 'fail', checks: both });
    expect(held!.finding.message).to.contain('probe (probe seen); pods-ready (pods-ready seen)');
    expect(held!.finding.hint).to.match(/^Look closer: kubectl infpool verify -n \w+\..*--force/);
    const alone = entryOf(alphaPool());
    expect(verificationInterlocks(alone, { verdict: 'fail', checks: both })[0]!.finding.ref).to.equal(
      alone.ref,
    );
  });

  it('by owners who would put it back, unless a flag says how', () => {
    const argo = { labels: { 'argocd.argoproj.io/instance': 'app' } };
    const objects = [alphaPool('food', {}, byHelm('rel')), model('review', {}, argo), model('free')];
    for (const handling of ['refuse', 'helm-uninstall'] as const) {
      const held = ownerInterlocks(objects, handling);
      expect(brief(held)).to.deep.equal(['owned InferencePool food', 'owned InferenceModel review']);
      expect(held[0]!.finding.hint).to.contain('--helm-uninstall');
      expect(held[1]!.finding.hint).to.contain('Git');
    }
    expect(ownerInterlocks(objects, 'ignore')).to.be.empty;
  });

  it('by a CRD that still has objects, past which nothing goes', () => {
    const held = crdInterlocks([alphaPool('food', {}, { namespace: 'web' })]);
    expect(brief(held)).to.deep.equal(['crd-has-objects InferencePool food']);
    expect(held[0]!.finding.hint).to.contain('-n web');
  });
});

describe('uninstalling a release is held up by what is not the pool’s own', () => {
  const pool = alphaPool('food');
  const held = (...objects: KubeObject[]) => brief(releaseInterlocks([pool, ...objects], pool, 'rel'));
  const epp = 'food-epp';

  it('not by what upstream’s chart makes, nor by the pool’s own models', () => {
    expect(
      held(
        deployment([], {}, {}, epp),
        service({}, epp),
        object(r.SERVICE_ACCOUNT, epp),
        object(r.CLUSTER_ROLE, epp),
        object(r.CLUSTER_ROLE_BINDING, epp),
        object(r.CONFIG_MAP, epp),
        object(r.CLUSTER_POD_MONITORING, epp),
        policy(r.HEALTH_CHECK_POLICY, toAlpha()),
        policy(r.GCP_BACKEND_POLICY, toAlpha()),
        model(),
      ),
    ).to.be.empty;
  });

  for (const other of [
    alphaPool('drinks'),
    v1Pool('food'),
    model('review', { poolRef: { name: 'drinks' } }),
    route(),
    deployment([], {}, {}, 'vllm'),
    service({}, 'vllm'),
    policy(r.HEALTH_CHECK_POLICY, toAlpha('drinks')),
    object(r.HEALTH_CHECK_POLICY, 'several', { spec: { targetRefs: [toAlpha(), toAlpha('drinks')] } }),
    object(r.GCP_BACKEND_POLICY, 'aimless', { spec: {} }),
    objective('food', { poolRef: { group: r.V1_GROUP, name: 'food' } }),
    object({ ...r.MODEL, group: 'example.com' }, 'food', { spec: { poolRef: { name: 'food' } } }),
    object(r.MODEL, 'pointless', { spec: {} }),
    object(r.MODEL, 'empty'),
    { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'vllm', namespace: 'llm' } },
  ])
    it(`by a ${other.kind} ${other.metadata.name} of ${other.apiVersion}`, () => {
      expect(held(other)).to.deep.equal([`release-holds-more ${other.kind} ${other.metadata.name}`]);
    });

  it('by every Deployment where the pool names no endpoint picker', () => {
    for (const spec of [undefined, {}]) {
      const bare = { ...pool, spec };
      const [other] = releaseInterlocks([bare, deployment([], {}, {}, 'vllm')], bare, 'rel');
      expect(other!.finding).to.include({
        message:
          "It is part of Helm release rel, which would be uninstalled, but it is not the endpoint picker's.",
        hint: "Take the pool out of that chart instead (helm upgrade), or pass --ignore-owner to delete the pool's objects one by one.",
      });
    }
  });

  it('when it does not hold the pool: annotations can be copied, and the release be another one’s', () => {
    const elsewhere = alphaPool('other');
    for (const objects of [[], [service({}, epp)], [elsewhere, object(r.SERVICE_ACCOUNT, epp)]])
      expect(brief(releaseInterlocks(objects, pool, 'rel'))).to.deep.equal([
        'release-lacks-pool InferencePool food',
      ]);
  });
});
