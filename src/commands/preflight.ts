import { needsOf, type Need } from '../access/steps.ts';
import { STEP_VERBS, WAIT_VERBS } from '../access/steps.ts';
import { targetName } from '../access/permission.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Interlock } from '../api/interlock.ts';
import type { KubeObject } from '../api/object.ts';
import type { Step } from '../api/plan.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import type { Args } from './command.ts';
import type { Context } from './context.ts';
import { enforce } from './session.ts';

/** Whether this user has a right; null when the API server wouldn't say. */
export interface Answer {
  readonly need: Need;
  readonly may: boolean | null;
}

/** Asks for all of them at once: it takes a round trip, not one each. */
export async function askRights(cluster: Cluster, needs: readonly Need[]): Promise<Answer[]> {
  return Promise.all(
    needs.map(async (need) => {
      const { verb, resource, namespace, name, or } = need;
      const may = await cluster.allowed(verb, resource, namespace, name);
      if (may !== false || !or) return { need, may };
      return { need, may: await cluster.allowed(or.verb, or.resource, namespace) };
    }),
  );
}

/**
 * Asks beforehand for every right that the steps need: half-way is a bad place to find out.
 * @param routeNamespaces where routes will be written by later plans of the same run
 */
export async function rightsInterlocks(
  cluster: Cluster,
  steps: readonly Step[],
  routeNamespaces: readonly string[] = [],
  released: readonly KubeObject[] = [],
): Promise<Interlock[]> {
  const verbs = [...STEP_VERBS.patchRoute, ...WAIT_VERBS];
  const later = [...new Set(routeNamespaces)].flatMap((namespace) =>
    verbs.map((verb): Need => ({ verb, resource: HTTP_ROUTE, namespace, name: '', certain: true })),
  );
  const answers = await askRights(cluster, [...needsOf(steps, released), ...later]);
  return answers.filter(({ may }) => may === false).map(({ need }) => missing(need));
}

/** Refuses (exit 3) before anything is written what would stop half-way. */
export async function requireRights(
  cluster: Cluster,
  steps: readonly Step[],
  released: readonly KubeObject[],
  args: Args,
  context: Context,
): Promise<void> {
  enforce(await rightsInterlocks(cluster, steps, [], released), args, context);
}

function missing({ verb, resource, namespace, name, certain, or }: Need): Interlock {
  const what = targetName(resource);
  const where = namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`;
  const object = name === '' ? '' : `/${name}`;
  const instead = or ? ` (nor "${or.verb}" ${targetName(or.resource)})` : '';
  return {
    // What is in somebody's chart only helm knows.
    forceable: !certain,
    finding: {
      id: 'not-allowed',
      severity: 'error',
      ref: null,
      field: what,
      message: `You may not "${verb}" ${what}${object} ${where}${instead}; the work would stop half-way.`,
      hint: `Check: kubectl auth can-i ${verb} ${what}${object}${namespace === '' ? '' : ` -n ${namespace}`}; what each command needs, as a role: kubectl infpool auth`,
    },
  };
}
