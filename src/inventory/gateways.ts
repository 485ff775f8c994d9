import type { GatewayEntry, Serves } from '../api/inventory.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import { refOf, sameRef, ref, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, GATEWAY } from '../api/resource.ts';
import { poolTarget, rulesOf } from './backendRefs.ts';

interface ParentStatus {
  parentRef: { group?: string; kind?: string; namespace?: string; name: string };
  controllerName?: string;
  conditions?: Condition[];
}

const GKE_CONTROLLERS = /^networking\.gke\.io\/gateway/;

export function gatewayEntries(
  gateways: readonly KubeObject[],
  classes: readonly KubeObject[],
  routes: readonly KubeObject[],
): GatewayEntry[] {
  return gateways.map((gateway) => {
    const gatewayClass = classes.find((other) => other.metadata.name === gateway['spec']?.gatewayClassName);
    const controller = String(gatewayClass?.['spec']?.controllerName ?? '');
    return { ref: refOf(gateway), controller, ...serves(controller, refOf(gateway), routes) };
  });
}

interface Verdict {
  readonly serves: Serves;
  readonly evidence: string;
}

/** Which groups a Gateway's controller serves: what the cluster itself shows, then what is known of the controller. */
function serves(controller: string, gateway: Ref, routes: readonly KubeObject[]): Verdict {
  const seen = new Map<'alpha' | 'v1', boolean>();
  const evidence: string[] = [];
  for (const route of routes) {
    const groups = groupsNamed(route);
    if (groups.size !== 1) continue; // with both groups in a route its condition doesn't say which one it means
    const group = groups.has(ALPHA_GROUP) ? 'alpha' : 'v1';
    const verdict = resolved(route, gateway);
    if (verdict === undefined || seen.has(group)) continue;
    seen.set(group, verdict);
    const where = `HTTPRoute ${route.metadata.namespace}/${route.metadata.name}`;
    evidence.push(
      `${where}, which names ${group} pools only, has ${verdict ? 'ResolvedRefs=True' : 'reason InvalidKind'}`,
    );
  }
  const shown = shownBy(seen);
  if (shown !== 'unknown') return { serves: shown, evidence: evidence.join('; ') };
  if (GKE_CONTROLLERS.test(controller))
    return { serves: 'both', evidence: 'GKE serves both groups: its own migration guide is built on it' };
  return {
    serves: 'unknown',
    evidence: evidence.join('; ') || `nothing is known of the controller "${controller}"`,
  };
}

function shownBy(seen: ReadonlyMap<'alpha' | 'v1', boolean>): Serves {
  const alpha = seen.get('alpha');
  const v1 = seen.get('v1');
  if (alpha && v1) return 'both';
  if (alpha === false && v1 !== false) return 'v1';
  if (v1 === false && alpha !== false) return 'alpha';
  return 'unknown';
}

function groupsNamed(route: KubeObject): Set<string> {
  const refs = rulesOf(route).flatMap((rule) => rule.backendRefs ?? []);
  return new Set(refs.flatMap((backend) => poolTarget(backend, route.metadata.namespace ?? '')?.group ?? []));
}

// true: ResolvedRefs=True at the current generation; false: InvalidKind; undefined: says nothing about the kind.
function resolved(route: KubeObject, gateway: Ref): boolean | undefined {
  for (const parent of parentsOf(route)) {
    if (!sameRef(parentGateway(parent, route), gateway)) continue;
    const condition = parent.conditions?.find((other) => other.type === 'ResolvedRefs');
    if (!condition || (condition.observedGeneration ?? 0) < (route.metadata.generation ?? 0))
      return undefined;
    if (condition.status === 'True') return true;
    if (condition.reason === 'InvalidKind') return false;
  }
  return undefined;
}

/** `status.parents[]` of a route. */
export function parentsOf(route: KubeObject): ParentStatus[] {
  return (route['status']?.parents ?? []) as ParentStatus[];
}

/** The Gateway that a parentRef names; an unset namespace is the route's. */
export function parentGateway(
  parent: { parentRef: { namespace?: string; name: string } },
  route: KubeObject,
): Ref {
  return ref(GATEWAY, parent.parentRef.namespace ?? route.metadata.namespace ?? '', parent.parentRef.name);
}
