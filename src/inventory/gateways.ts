import type { GatewayEntry, Serves } from '../api/inventory.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import { ref, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, GATEWAY } from '../api/resource.ts';
import { poolTarget, rulesOf } from './backendRefs.ts';

interface ParentStatus {
  parentRef: { group?: string; kind?: string; namespace?: string; name: string };
  controllerName?: string;
  conditions?: Condition[];
}

// Envoy AI Gateway, which serves InferencePools through Envoy Gateway, allows "at most one" in a rule. Source: its
// AIGatewayRoute API (api/v1alpha1/ai_gateway_route.go), and internal/extensionserver for HTTPRoutes.
const ONE_POOL_PER_RULE = /^gateway\.envoyproxy\.io\//;
const GKE_CONTROLLERS = /^networking\.gke\.io\/gateway/;

export function gatewayEntries(
  gateways: readonly KubeObject[],
  classes: readonly KubeObject[],
  routes: readonly KubeObject[],
): GatewayEntry[] {
  const controllers = new Map(
    classes.map((one) => [one.metadata.name, String(one['spec']?.controllerName ?? '')]),
  );
  const shown = resolutions(routes);
  return gateways.map((gateway) => {
    const controller = controllers.get(gateway['spec']?.gatewayClassName) ?? '';
    return {
      ref: refOf(gateway),
      controller,
      ...(ONE_POOL_PER_RULE.test(controller) ? { onePoolPerRule: true } : {}),
      ...serves(controller, shown.get(refKey(refOf(gateway))) ?? new Map()),
    };
  });
}

interface Verdict {
  readonly serves: Serves;
  readonly evidence: string;
}

/** What a route's status says of one group at one Gateway: `served`, or refused as a kind that is not known. */
interface Resolution {
  readonly served: boolean;
  readonly route: string;
}

type Group = 'alpha' | 'v1';
type Resolutions = ReadonlyMap<Group, Resolution>;

/** Which groups a Gateway's controller serves: what the cluster itself shows, then what is known of the controller. */
function serves(controller: string, seen: Resolutions): Verdict {
  const evidence = [...seen].map(
    ([group, { served, route }]) =>
      `HTTPRoute ${route}, which names ${group} pools only, has ${served ? 'ResolvedRefs=True' : 'reason InvalidKind'}`,
  );
  const shown = shownBy(seen);
  if (shown !== 'unknown') return { serves: shown, evidence: evidence.join('; ') };
  if (GKE_CONTROLLERS.test(controller))
    return { serves: 'both', evidence: 'GKE serves both groups: its own migration guide is built on it' };
  const unknown =
    controller === ''
      ? 'its GatewayClass could not be found'
      : `nothing is known of the controller "${controller}"`;
  return { serves: 'unknown', evidence: evidence.join('; ') || unknown };
}

function shownBy(seen: Resolutions): Serves {
  const alpha = seen.get('alpha')?.served;
  const v1 = seen.get('v1')?.served;
  if (alpha && v1) return 'both';
  if (alpha === false && v1 !== false) return 'v1';
  if (v1 === false && alpha !== false) return 'alpha';
  return 'unknown';
}

// By Gateway and group. One route that resolves is proof; one that does not may mean another of its refs.
function resolutions(routes: readonly KubeObject[]): Map<string, Map<Group, Resolution>> {
  const byGateway = new Map<string, Map<Group, Resolution>>();
  for (const route of routes) {
    const groups = groupsNamed(route);
    if (groups.size !== 1) continue; // with both groups in a route its condition doesn't say which one it means
    const group = groups.has(ALPHA_GROUP) ? 'alpha' : 'v1';
    const name = `${route.metadata.namespace}/${route.metadata.name}`;
    for (const parent of parentsOf(route)) {
      const served = isServed(parent, route);
      if (served === undefined) continue;
      const key = refKey(parentGateway(parent, route));
      const seen = byGateway.get(key) ?? new Map<Group, Resolution>();
      byGateway.set(key, seen);
      const before = seen.get(group);
      if (!before || (served && !before.served)) seen.set(group, { served, route: name });
    }
  }
  return byGateway;
}

function groupsNamed(route: KubeObject): Set<string> {
  const refs = rulesOf(route).flatMap((rule) => rule.backendRefs ?? []);
  return new Set(refs.flatMap((backend) => poolTarget(backend, route.metadata.namespace ?? '')?.group ?? []));
}

// true: ResolvedRefs=True at the current generation; false: InvalidKind; undefined: says nothing about the kind.
function isServed(parent: ParentStatus, route: KubeObject): boolean | undefined {
  const condition = parent.conditions?.find((other) => other.type === 'ResolvedRefs');
  if (!condition || (condition.observedGeneration ?? 0) < (route.metadata.generation ?? 0)) return undefined;
  if (condition.status === 'True') return true;
  return condition.reason === 'InvalidKind' ? false : undefined;
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
