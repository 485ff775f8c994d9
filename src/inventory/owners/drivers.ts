import type { Owner } from '../../api/inventory.ts';
import type { KubeObject } from '../../api/object.ts';
import { ref, refKey, refOf, type Ref } from '../../api/ref.ts';
import { CANARY, HTTP_ROUTE, ROLLOUT, type Resource } from '../../api/resource.ts';
import { selects, type LabelSelector } from '../labelSelector.ts';

/** The kinds that {@link routeDrivers} wants. Clusters without them are the rule. */
export const DRIVER_RESOURCES: readonly Resource[] = [ROLLOUT, CANARY];

/**
 * Who writes the weights of which HTTPRoute while a canary is under way, by refKey of the route: their routes need carry
 * no sign of it. `routes` are those that a Rollout's selector may find.
 */
export function routeDrivers(
  rollouts: readonly KubeObject[],
  canaries: readonly KubeObject[],
  routes: readonly KubeObject[] = [],
): Map<string, Owner> {
  const drives = (driver: KubeObject, driven: readonly Ref[]): [string, Owner][] => {
    const { group, kind, name, namespace } = refOf(driver);
    const owner: Owner = { kind: 'Controller', name: `${kind}/${name}`, namespace, group };
    return driven.map((route) => [refKey(route), owner]);
  };
  return new Map([
    ...canaries.flatMap((canary) => drives(canary, routeOf(canary))),
    ...rollouts.flatMap((rollout) => drives(rollout, routesOf(rollout, routes))),
  ]);
}

interface GatewayPlugin {
  readonly httpRoute?: string;
  readonly httpRoutes?: readonly ({ readonly name?: string } | null)[];
  readonly httpRouteSelector?: LabelSelector;
  readonly namespace?: string;
}

// Source: argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi, pkg/plugin/types.go (GatewayAPITrafficRouting)
function gatewayPlugin(rollout: KubeObject): GatewayPlugin | undefined {
  return rollout['spec']?.strategy?.canary?.trafficRouting?.plugins?.['argoproj-labs/gatewayAPI'] as
    GatewayPlugin | undefined;
}

function routesOf(rollout: KubeObject, routes: readonly KubeObject[]): Ref[] {
  const plugin = gatewayPlugin(rollout);
  if (!plugin) return [];
  const namespace = plugin.namespace || (rollout.metadata.namespace ?? '');
  const named = [plugin.httpRoute, ...(plugin.httpRoutes ?? []).map((route) => route?.name)];
  const selector = plugin.httpRouteSelector;
  const selected = selector
    ? routes.filter(
        ({ metadata }) => metadata.namespace === namespace && selects(selector, metadata.labels ?? {}),
      )
    : [];
  return [
    ...named.flatMap((name) => (name ? [ref(HTTP_ROUTE, namespace, name)] : [])),
    ...selected.map(refOf),
  ];
}

// Flagger writes the whole spec of the HTTPRoute of this name; owner references on it can be switched off.
// Source: fluxcd/flagger v1.41.0, pkg/router/gateway_api.go (Reconcile) and GetServiceNames
function routeOf(canary: KubeObject): Ref[] {
  const spec = canary['spec'] as
    { service?: { name?: string; gatewayRefs?: unknown[] }; targetRef?: { name?: string } } | undefined;
  const name = spec?.service?.name || spec?.targetRef?.name;
  if (!name || !spec?.service?.gatewayRefs?.length) return [];
  return [ref(HTTP_ROUTE, canary.metadata.namespace ?? '', name)];
}
