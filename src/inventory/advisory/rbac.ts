import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf, type Ref } from '../../api/ref.ts';
import { ALPHA_GROUP, V1_GROUP } from '../../api/resource.ts';
import { finding, listIn, ofOneRelease, patchCommand, whoseItIs, type Advice } from './advice.ts';
import { everyPoolOf, type MigratingPool, type Pools } from './pools.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
}

/** Roles and ClusterRoles that allow alpha pools or models by name of the group, as the endpoint pickers' do. */
export function roleAdvice(roles: readonly KubeObject[], pools: Pools): Advice {
  // An endpoint picker's role is named as it is, in every release of the chart.
  const byPicker = Map.groupBy(pools.all, (pool) => pools.pickerOf(pool).name);
  const advised = roles.flatMap((role): Advice[] => {
    const rules = listIn(role['rules']) as readonly Rule[];
    const index = rules.findIndex(forAlpha);
    // The rules of an aggregated role are copies of others'.
    if (index < 0 || role['aggregationRule']) return [];
    const { namespace, name } = refOf(role);
    const its = (byPicker.get(name) ?? []).filter(
      ({ alpha }) => namespace === '' || alpha.metadata.namespace === namespace,
    );
    const targets = its.length > 0 ? its.map(({ alpha }) => refOf(alpha)) : inNamespace(namespace, pools);
    const references = targets.map((pool) => ({
      from: refOf(role),
      path: `rules[${index}]`,
      relation: 'rbac' as const,
      pool,
    }));
    const silent = rules.some(forV1) || its.some(({ alpha }) => ofOneRelease(role, alpha));
    return [{ references, findings: silent ? [] : [missing(role, rules[index]!, index, its)] }];
  });
  return {
    references: advised.flatMap(({ references }) => references),
    findings: advised.flatMap(({ findings }) => findings),
  };
}

function inNamespace(namespace: string, pools: Pools): Ref[] {
  return namespace !== '' && pools.in(namespace).length > 0 ? [everyPoolOf(namespace)] : [];
}

const ALPHA_KINDS = /^(inferencepools|inferencemodels)(\/|$)/;

function forAlpha({ apiGroups, resources }: Rule): boolean {
  return (
    listIn(apiGroups).includes(ALPHA_GROUP) &&
    listIn(resources).some((resource) => resource === '*' || ALPHA_KINDS.test(String(resource)))
  );
}

function forV1({ apiGroups, resources }: Rule): boolean {
  return (
    listIn(apiGroups).some((group) => group === V1_GROUP || group === '*') &&
    listIn(resources).some((resource) => resource === '*' || resource === 'inferencepools')
  );
}

// Source: GIE config/charts/inferencepool/templates/rbac.yaml, v1.0.0 to v1.5.0: pools of the v1 group; objectives, and
// from v1.3.0 on rewrites, which stay in the alpha group. Rights on a CRD that is not there do no harm.
function missing(role: KubeObject, rule: Rule, index: number, its: readonly MigratingPool[]): Finding {
  const verbs = rule.verbs ?? ['get', 'watch', 'list'];
  const grant = (apiGroup: string, resources: string[]) => ({
    op: 'add' as const,
    path: '/rules/-',
    value: { apiGroups: [apiGroup], resources, verbs },
  });
  const command = patchCommand(refOf(role), [
    grant(V1_GROUP, ['inferencepools']),
    grant(ALPHA_GROUP, ['inferenceobjectives', 'inferencemodelrewrites']),
  ]);
  const whose =
    its.length > 0
      ? `the endpoint picker of the alpha pool ${its.map(({ alpha }) => `${alpha.metadata.namespace}/${alpha.metadata.name}`).join(', ')}`
      : 'whoever it is bound to';
  return finding(role, {
    id: 'rbac-alpha-only',
    severity: 'info',
    field: `rules[${index}]`,
    message: `It gives ${whose} rights on alpha pools or models, and none on v1 pools. A v1 endpoint picker that runs with it sees no pool.${whoseItIs(role)}`,
    hint: `The chart makes a role of its own for its picker. If anything else is to use this one with v1: ${command}`,
  });
}
