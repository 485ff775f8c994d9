import { targetName } from '../access/permission.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace } from '../api/kubectl.ts';
import { needsOf, STEP_VERBS, WAIT_VERBS, type Need } from '../access/steps.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Interlock } from '../api/interlock.ts';
import type { KubeObject } from '../api/object.ts';
import type { Step } from '../api/plan.ts';
import type { Unread } from '../api/read.ts';
import { HTTP_ROUTE, V1_POOL, type Resource } from '../api/resource.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import type { Args } from './command.ts';
import type { Context } from './context.ts';
import { enforce } from './session.ts';

/** Whether this user has a right, as far as the API server says. */
export interface Answer {
  readonly need: Need;
  readonly may: boolean | Unread;
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
 * @param routeNamespaces where traffic will be moved, and looked at, by later plans of the same run
 */
export async function rightsInterlocks(
  cluster: Cluster,
  steps: readonly Step[],
  routeNamespaces: readonly string[] = [],
  released: readonly KubeObject[] = [],
): Promise<Interlock[]> {
  const certain = (verb: string, resource: Resource, namespace: string): Need => ({
    verb,
    resource,
    namespace: resource.namespaced ? namespace : '',
    name: '',
    certain: true,
  });
  const route = [...STEP_VERBS.patchRoute, ...WAIT_VERBS];
  const later = [...new Set(routeNamespaces)].flatMap((namespace) => [
    ...route.map((verb) => certain(verb, HTTP_ROUTE, namespace)),
    ...['get', ...WAIT_VERBS].map((verb) => certain(verb, V1_POOL, namespace)),
  ]);
  // The gates look at all namespaces.
  if (later.length > 0) later.push(...VERIFY_RESOURCES.map((resource) => certain('list', resource, '')));
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
      hint: `Check: kubectl auth can-i ${verb} ${shellWord(`${what}${object}`)}${inNamespace(namespace)}; what each command needs, as a role: kubectl infpool auth`,
    },
  };
}
