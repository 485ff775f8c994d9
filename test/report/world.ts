// One cluster with a bit of everything, for golden outputs and schemas.
import type { Inventory } from '../../src/api/inventory.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Plan, Step } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import type { StatusReport } from '../../src/api/status.ts';
import type { Verification } from '../../src/api/verification.ts';
import * as r from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { verdictOf, verifyPools } from '../../src/verify/verify.ts';
import { healthy, service } from '../support/healthy.ts';
import {
  alphaPool,
  byHelm,
  condition,
  crd,
  gateway,
  gatewayClass,
  model,
  objective,
  parents,
  policy,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';

const from = (name: string) => ({ annotations: { 'kubectl-infpool/migrated-from': name } });
const select = (app: string) => ({ selector: { app } });
const matches = (app: string) => ({ selector: { matchLabels: { app } } });
const web = { namespace: 'web' };

export const OBJECTS: readonly KubeObject[] = [
  alphaPool('chat-preview', select('chat'), byHelm('chat')),
  model('base', { modelName: 'meta-llama/Llama-3.1-8B-Instruct', poolRef: { name: 'chat-preview' } }),
  model('food-review', { poolRef: { name: 'chat-preview' } }),
  route([[toAlpha('chat-preview')]], { name: 'chat' }),
  alphaPool('search', select('search')),
  v1Pool('search-ga', matches('search'), from('search')),
  route(
    [
      [
        toAlpha('search', { namespace: 'llm', weight: 2 }),
        toV1('search-ga', { namespace: 'llm', weight: 1 }),
      ],
    ],
    {
      ...web,
      name: 'search',
    },
  ),
  v1Pool('done-ga', matches('done'), { ...from('done'), ...web }),
  policy(r.HEALTH_CHECK_POLICY, toAlpha('search')),
  model('stray', { poolRef: { name: 'gone' } }, web),
  gateway(),
  gateway('mesh', { spec: { gatewayClassName: 'istio' } }),
  gatewayClass(),
  gatewayClass('istio.io/gateway-controller', 'istio'),
  crd(r.ALPHA_POOL),
  crd(r.MODEL),
  crd(r.V1_POOL, 'v1.0.0'),
];

export function world(gitVersion = 'v1.33.5-gke.1200000', forbidden: readonly r.Resource[] = []): Inventory {
  return buildInventory(snapshot(OBJECTS, { gitVersion, forbidden }));
}

export function verification(changed: Parameters<typeof healthy>[0] = {}): Verification {
  const read = snapshot(healthy(changed));
  const inventory = buildInventory(read);
  const checks = verifyPools(inventory.pools, inventory, read);
  return { verdict: verdictOf(checks), checks };
}

export const FAILING = {
  gateway: gateway('gw', {
    status: {
      conditions: [
        condition('Accepted'),
        condition('Programmed', 'False', { reason: 'Invalid', message: 'no IP' }),
      ],
    },
  }),
  route: {
    ...route([[toV1()]]),
    ...parents([condition('Accepted'), condition('ResolvedRefs', 'False', { reason: 'InvalidKind' })]),
  },
  service: service({ ports: [{ port: 9003 }] }),
  deployment: null,
};

/** A step of each kind. */
export function plan(): Plan {
  const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
  const pool = v1Pool();
  const definition = crd(r.OBJECTIVE, 'v1.0.1');
  const older = crd(r.OBJECTIVE, 'v1.0.0');
  const steps: Step[] = [
    {
      action: 'crd',
      ref: refOf(definition),
      reason: 'of v1.0.0; v1.0.1 is newer',
      manifest: definition,
      live: older,
    },
    {
      action: 'crd',
      ref: refOf(crd(r.V1_POOL)),
      reason: 'not installed',
      manifest: crd(r.V1_POOL, 'v1.0.1'),
      live: null,
    },
    {
      action: 'helm',
      verb: 'install',
      ref: refOf(pool),
      reason: 'v1 pool and endpoint picker',
      release: 'food-ga',
      namespace: 'llm',
      args: ['install', 'food-ga', 'oci://chart', '--set', 'inferencePool.targetPorts[0].number=8000'],
    },
    {
      action: 'apply',
      ref: refOf(pool),
      reason: 'remember that it takes over',
      manifest: {
        apiVersion: pool.apiVersion,
        kind: pool.kind,
        metadata: { name: 'food-ga', namespace: 'llm', ...from('food') },
      },
      live: { ...pool, metadata: { ...pool.metadata, uid: '1', resourceVersion: '7' }, status: {} },
    },
    {
      action: 'apply',
      ref: refOf(objective()),
      reason: 'for InferenceModel review',
      manifest: objective(),
      live: null,
    },
    { action: 'wait', ref: refOf(pool), reason: 'before any traffic', condition: 'eppReady' },
    patchStep(splitRoute(route(), pairs, pairs, 50), '50 percent to v1'),
    { action: 'delete', ref: refOf(model()), reason: 'names the pool food', before: model() },
    { action: 'create', ref: refOf(alphaPool()), reason: 'from the backup', manifest: alphaPool() },
  ];
  const finding = {
    id: 'epp-by-user' as const,
    severity: 'warning' as const,
    ref: null,
    field: '',
    message: 'Nothing here installs it.',
    hint: '',
  };
  return { objects: [pool, objective()], steps, findings: [...world().findings, finding] };
}

export function status(): StatusReport {
  return {
    pools: world().pools.map(({ ref, v1, phase, trafficPercentV1 }) => ({
      ref,
      v1,
      phase,
      trafficPercentV1,
      next: phase === 'Done' ? '' : `kubectl infpool split --pool ${ref.name} 50 -n ${ref.namespace}`,
    })),
  };
}

/** What a hostile cluster, or a file, may call a thing. */
export const HOSTILE = `a'"b\u001b[31m$(touch pwned)\`id\`|\n<b>*_[x]\u202eEND`;
