import type { Cluster } from '../api/cluster.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Step } from '../api/plan.ts';
import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CONFIG_MAP,
  CRD,
  DEPLOYMENT,
  HTTP_ROUTE,
  OBJECTIVE,
  qualifiedName,
  ROLE,
  ROLE_BINDING,
  SERVICE,
  SERVICE_ACCOUNT,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';

const SECRET: Pick<Resource, 'group' | 'plural'> = { group: '', plural: 'secrets' };

interface Need {
  readonly verb: string;
  readonly resource: Pick<Resource, 'group' | 'plural'>;
  readonly namespace: string;
}

// What upstream's chart makes, and where helm keeps its releases.
const BY_HELM = [DEPLOYMENT, SERVICE, SERVICE_ACCOUNT, CONFIG_MAP, ROLE, ROLE_BINDING, V1_POOL, SECRET];
const BY_HELM_CLUSTER_WIDE = [CLUSTER_ROLE, CLUSTER_ROLE_BINDING];

/** Asks beforehand for every right that the migration needs: half-way is a bad place to find out. */
export async function rightsInterlocks(
  cluster: Cluster,
  steps: readonly Step[],
  routeNamespaces: readonly string[],
): Promise<Interlock[]> {
  const needs = new Map<string, Need>();
  const need = (verb: string, resource: Need['resource'], namespace: string) =>
    needs.set(`${verb} ${resource.plural}.${resource.group} ${namespace}`, { verb, resource, namespace });
  for (const step of steps) {
    if (step.action === 'crd') need('patch', CRD, '');
    if (step.action === 'apply')
      need('patch', step.ref.kind === OBJECTIVE.kind ? OBJECTIVE : V1_POOL, step.ref.namespace);
    if (step.action !== 'helm' || step.verb !== 'install') continue;
    for (const resource of BY_HELM) need('create', resource, step.namespace);
    for (const resource of BY_HELM_CLUSTER_WIDE) need('create', resource, '');
  }
  for (const namespace of new Set(routeNamespaces)) need('patch', HTTP_ROUTE, namespace);
  const answers = await Promise.all(
    [...needs.values()].map(async (one) => ({
      one,
      may: await cluster.allowed(one.verb, one.resource, one.namespace),
    })),
  );
  return answers
    .filter(({ may }) => may === false)
    .map(({ one }) => {
      const name = one.resource.group === '' ? one.resource.plural : qualifiedName(one.resource as Resource);
      const where = one.namespace === '' ? 'in the whole cluster' : `in namespace ${one.namespace}`;
      return {
        forceable: false,
        finding: {
          id: 'not-allowed',
          severity: 'error',
          ref: null,
          field: name,
          message: `You may not "${one.verb}" ${name} ${where}; the migration would stop half-way.`,
          hint: `Check: kubectl auth can-i ${one.verb} ${name}${one.namespace === '' ? '' : ` -n ${one.namespace}`}`,
        },
      };
    });
}
