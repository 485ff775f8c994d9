import {
  AI_GATEWAY_ROUTE,
  ALPHA_POOL,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  COMPANIONS,
  CONFIG_MAP,
  CRD,
  DEPLOYMENT,
  DESTINATION_RULE,
  ENDPOINT_SLICE,
  GATEWAY_CLASS,
  GRPC_ROUTE,
  HTTP_ROUTE,
  LEASE,
  MODEL,
  NAMESPACE,
  OBJECTIVE,
  POD,
  POLICIES,
  REFERENCE_GRANT,
  REWRITE,
  ROLE,
  ROLE_BINDING,
  ROLLOUT,
  CANARY,
  SERVICE,
  SERVICE_ACCOUNT,
  SHARED_COMPANIONS,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';
import { ALPHA_CRDS, INFERENCE_CRDS, INVENTORY_RESOURCES } from '../inventory/wanted.ts';
import { CLAIM_VERBS } from '../claim/lease.ts';
import { ACCESS_REVIEW, GRANTED, HELM_RIGHTS, TOKEN_REVIEW } from './helm.ts';
import { may, union, type Permission } from './permission.ts';
import { advisoryReads, CRD_READS, inventoryReads, verifyReads } from './reads.ts';
import { STEP_VERBS, WAIT_VERBS } from './steps.ts';

/** What a command needs, as RBAC has it. */
export interface AccessRole {
  /** `convert-apply`; the ClusterRole is `infpool-convert-apply`. */
  readonly id: string;
  /** As it is typed: `convert --apply`. */
  readonly command: string;
  readonly summary: string;
  /** It looks at all namespaces whatever it works in: what is deleted in one may be needed in another. */
  readonly everywhere: boolean;
  readonly permissions: readonly Permission[];
}

const writes = (action: keyof typeof STEP_VERBS, kinds: readonly Resource[], why: string): Permission[] =>
  may(STEP_VERBS[action], kinds, why);

const waits = (kinds: readonly Resource[], why: string): Permission[] => may(WAIT_VERBS, kinds, why);

const PICKER_READY = waits([SERVICE, DEPLOYMENT], 'waits until the endpoint pickers are ready');
const MOVE = [
  ...writes(
    'patchRoute',
    [HTTP_ROUTE],
    'writes the backendRefs; reads again where someone else wrote meanwhile',
  ),
  ...waits([HTTP_ROUTE, V1_POOL], 'waits until the controller has accepted routes and v1 pools'),
  ...may(['get'], [V1_POOL], 'whether the controller says anything about the v1 pool'),
];
const BACK = writes('patchRoute', [HTTP_ROUTE], 'puts the original backendRefs back');
const ROLLOUTS: readonly Resource[] = [ROLLOUT, CANARY];
/** Without it others are not told; a claim that is there can't be seen. */
const CLAIM = may(CLAIM_VERBS, [LEASE], 'tells others who migrates a pool, and since when', {
  need: 'optional',
});
const CLAIM_SEEN = may(
  ['get', 'delete'],
  [LEASE],
  'whether somebody migrates the pool just now; clears up after who is gone',
  { need: 'optional' },
);

/** They are only told of: what they point at is theirs to change. */
const TOLD_OF: readonly Resource[] = [GRPC_ROUTE, AI_GATEWAY_ROUTE];

const convert = [
  ...inventoryReads(),
  ...advisoryReads('needed'),
  ...may(['get'], [SERVICE], 'whether the v1 pools that are there have their endpoint pickers'),
];

const installCrds = [
  ...CRD_READS,
  ...may(STEP_VERBS.crd, [CRD], 'installs the inference CRDs, and waits until they are served', {
    names: INFERENCE_CRDS,
  }),
];

const convertApply = [
  ...inventoryReads([...TOLD_OF, ...ROLLOUTS]),
  ...advisoryReads('optional'),
  ...may(['get'], [SERVICE], 'whether the v1 pools that are there have their endpoint pickers'),
  ...installCrds,
  ...writes('apply', [V1_POOL, OBJECTIVE, REWRITE], 'makes the v1 objects'),
  ...writes('apply', COMPANIONS, 'makes what stands beside the pools for v1, too'),
  ...writes('patch', SHARED_COMPANIONS, 'adds the v1 pools to grants and policies that are there'),
  ...may(STEP_VERBS.patchRoute, [HTTP_ROUTE], 'with --objective-header: writes the header', {
    need: 'optional',
  }),
  ...waits([V1_POOL], 'waits until the v1 pools are there'),
  ...PICKER_READY,
];

/** Not what traffic goes by. */
const NO_TRAFFIC: readonly Resource[] = [...TOLD_OF, MODEL, OBJECTIVE, REWRITE, CRD];

const verify = [
  ...inventoryReads([...TOLD_OF, ...ROLLOUTS, GATEWAY_CLASS, REFERENCE_GRANT, REWRITE, CRD]),
  ...verifyReads(),
];

const split = [...inventoryReads(NO_TRAFFIC), ...verifyReads(), ...MOVE, ...CLAIM_SEEN];

const rollback = [
  // The way back must not hang on what it doesn't touch.
  ...inventoryReads([CRD, ...INVENTORY_RESOURCES.filter((kind) => kind !== HTTP_ROUTE)]),
  ...may(
    ['list'],
    [SERVICE, DEPLOYMENT, ENDPOINT_SLICE],
    'whether the alpha endpoint pickers can take the traffic',
    {
      need: 'optional',
    },
  ),
  ...BACK,
  ...CLAIM_SEEN,
];

const REMOVED = [...POLICIES, DESTINATION_RULE, REFERENCE_GRANT, MODEL, ALPHA_POOL, DEPLOYMENT, SERVICE];
const PICKER_RBAC = [ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING];

const cleanup = [
  ...inventoryReads(),
  ...verifyReads(),
  ...advisoryReads('optional'),
  ...writes('delete', REMOVED, 'deletes what remains of v1alpha2, and waits until it is gone'),
  ...writes('patch', SHARED_COMPANIONS, 'takes the alpha pools out of grants and policies'),
  ...may(STEP_VERBS.delete, PICKER_RBAC, 'deletes the permissions that only the alpha endpoint picker has', {
    need: 'optional',
  }),
  ...CLAIM_SEEN,
];

const cleanupCrds = may(
  STEP_VERBS.delete,
  [CRD],
  'deletes the two alpha CRDs, when no object of them is left',
  { names: ALPHA_CRDS },
);

const RESTORED = [SERVICE_ACCOUNT, CONFIG_MAP, ...PICKER_RBAC, ...REMOVED];

const restore = [
  ...writes('create', RESTORED, 'puts back what the backup holds; what is there stays as it is'),
  ...writes('patch', SHARED_COMPANIONS, 'adds the entries that were taken out'),
  ...may(
    ['create', 'get', 'list', 'watch'],
    [CRD],
    'puts the alpha CRDs back, and waits until they are served',
    { names: ALPHA_CRDS },
  ),
  ...waits(RESTORED, 'waits until what is still being deleted is gone, and until the alpha pools are there'),
  ...PICKER_READY,
  ...may(['get', 'list', 'watch'], [POD, ALPHA_POOL, MODEL], GRANTED),
  ...may(['create'], [TOKEN_REVIEW, ACCESS_REVIEW], GRANTED),
];

const report = [
  ...convert,
  ...verifyReads(),
  ...CRD_READS,
  ...may(['list'], PICKER_RBAC, 'what of the permissions a cleanup would delete', { need: 'optional' }),
];

const migrate = [...CLAIM, ...convertApply, ...split, ...rollback];

function role(
  id: string,
  command: string,
  summary: string,
  permissions: readonly Permission[],
  everywhere = false,
): AccessRole {
  return { id, command, summary, permissions: union(permissions), everywhere };
}

/** One for each command, and for each flag that needs much more. Nothing else of the program says what is needed. */
export const ROLES: readonly AccessRole[] = [
  role('detect', 'detect', 'looks; writes nothing', [...inventoryReads(), ...advisoryReads('needed')]),
  role('status', 'status', 'looks; writes nothing', inventoryReads()),
  role('verify', 'verify', 'looks; writes nothing', verify),
  role('report', 'report', 'looks; writes nothing', report),
  role('convert', 'convert', 'looks; writes nothing', convert),
  role('convert-apply', 'convert --apply', 'phase 1; with the chart, helm-install, too', convertApply),
  role('split', 'split', 'moves traffic', split),
  role('rollback', 'rollback', 'puts the original backendRefs back', rollback),
  role('cleanup', 'cleanup', 'deletes what remains of v1alpha2', cleanup, true),
  role('cleanup-crds', 'cleanup --crds', 'beside cleanup: the two alpha CRDs', cleanupCrds),
  role('restore', 'restore', 'puts back what cleanup deleted', restore),
  role(
    'migrate',
    'migrate',
    'the whole way; with the chart, helm-install, too; with --cleanup, what cleanup needs, too',
    migrate,
    true,
  ),
  role('crds', 'crds', 'looks; writes nothing', CRD_READS),
  role('crds-install', 'crds install', 'installs CRDs', installCrds),
  role(
    'helm-install',
    'helm install',
    'beside convert-apply and migrate, unless --epp none: what the helm on PATH needs for the chart',
    HELM_RIGHTS.install.map(({ permission }) => permission),
  ),
  role(
    'helm-uninstall',
    'helm uninstall',
    'beside cleanup --helm-uninstall: what the helm on PATH needs for the release',
    HELM_RIGHTS.uninstall.map(({ permission }) => permission),
  ),
  role('completion', 'completion', 'names for the shell', [
    ...may(['list'], [ALPHA_POOL, V1_POOL, HTTP_ROUTE, MODEL], 'names to complete', { need: 'optional' }),
    ...may(['list'], [NAMESPACE], 'names to complete', { need: 'optional' }),
  ]),
];
