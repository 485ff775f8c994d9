// Giving rights to one of the users that were made in advance.
import { KubeError, type Kube } from '../kube.ts';
import { until } from '../scenarios/wait.ts';
import { slots } from './users.ts';

/** A rule of a ClusterRole (rbac.authorization.k8s.io/v1). */
export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };

/**
 * Takes a user that nobody has yet and gives it the rules; returns its login once the server grants them.
 * @param namespaces where the rules hold; default: everywhere
 */
export async function grant(
  admin: Kube,
  name: string,
  rules: PolicyRule[],
  namespaces?: string[],
): Promise<string> {
  const login = await take(admin, name, rules);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `lab-${login}` };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: login }];
  const metadata = { name: `lab-${login}` };
  if (namespaces === undefined) {
    await admin.apply({ ...rbac, kind: 'ClusterRoleBinding', metadata, roleRef, subjects });
  }
  for (const namespace of namespaces ?? []) {
    const inside = { ...metadata, namespace };
    await admin.apply({ ...rbac, kind: 'RoleBinding', metadata: inside, roleRef, subjects });
  }
  for (const namespace of namespaces ?? [undefined]) await effective(admin, login, rules, namespace);
  return login;
}

/** Creating the role is what takes the user: only one can, in whichever process. */
async function take(admin: Kube, name: string, rules: PolicyRule[]): Promise<string> {
  for (const login of slots) {
    const metadata = { name: `lab-${login}`, annotations: { 'lab/user': name } };
    try {
      const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
      await admin.request('POST', path, { ...rbac, kind: 'ClusterRole', metadata, rules });
      return login;
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 409)) throw error;
    }
  }
  throw new Error(`all ${slots.length} users of the lab are taken; make more in users.ts`);
}

/** The authorizer learns of new roles by watching, a moment later. */
async function effective(admin: Kube, user: string, rules: PolicyRule[], namespace?: string): Promise<void> {
  for (const rule of rules) {
    if (rule.nonResourceURLs && namespace !== undefined) continue; // never granted inside a namespace
    const question = { user, ...attributes(rule, namespace) };
    await until(`the server to grant ${JSON.stringify(question)}`, () => may(admin, question), 10);
  }
}

/** Of whom (`user`, `groups`) it is asked, and what: a SubjectAccessReview's spec (authorization.k8s.io/v1). */
export interface Question {
  user: string;
  groups?: string[];
  resourceAttributes?: object;
  nonResourceAttributes?: object;
}

/** Whether the API server grants it, by the roles that it has heard of so far. */
export async function may(admin: Kube, spec: Question): Promise<boolean> {
  const apiVersion = 'authorization.k8s.io/v1';
  const review = { apiVersion, kind: 'SubjectAccessReview', spec };
  const { status } = await admin.request('POST', `/apis/${apiVersion}/subjectaccessreviews`, review);
  return status.allowed as boolean;
}

/** One request that the rule allows. */
function attributes(rule: PolicyRule, namespace: string | undefined): object {
  const [verb] = rule.verbs;
  if (rule.nonResourceURLs) return { nonResourceAttributes: { verb, path: rule.nonResourceURLs[0] } };
  const [resource, subresource] = (rule.resources?.[0] ?? '').split('/');
  const [group] = rule.apiGroups ?? [];
  const [name] = rule.resourceNames ?? [];
  return { resourceAttributes: { verb, group, resource, subresource, name, namespace } };
}
