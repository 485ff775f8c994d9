import type { Finding } from '../../api/finding.ts';
import { shellWord } from '../../api/shellWord.ts';
import { inNamespace, kubectl } from '../../api/kubectl.ts';
import type { FindingId } from '../../api/ids.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import { ALPHA_GROUP, V1_GROUP } from '../../api/resource.ts';
import { poolTarget, rulesOf, type BackendRef } from '../backendRefs.ts';
import type { PoolReference } from '../references.ts';
import { finding, listIn, patchCommand, replacing, whoseItIs, type Advice } from './advice.ts';
import type { Pools } from './pools.ts';

/** A reference to an alpha pool by group and name, where it stands in the object. */
interface Place {
  readonly object: KubeObject;
  /** `spec.rules[0].backendRefs[1]`, and the same as a JSON pointer. */
  readonly path: string;
  readonly pointer: string;
  readonly target: BackendRef;
}

/** AIGatewayRoutes; their references are among those of the Inventory. */
export function aiGatewayRouteAdvice(routes: readonly KubeObject[], pools: Pools): Advice {
  return advice(routes.flatMap(backendPlaces), pools, null, {
    id: 'reference-other-backend-ref',
    // Source: envoyproxy/ai-gateway, the CEL rules on AIGatewayRouteRule in api/v1alpha1/ai_gateway_route.go, and its
    // inference_pool_unsupported_group test
    why: 'Envoy AI Gateway 0.3 serves alpha pools only, 0.4 and later v1 pools only, and one pool per rule: there is no weighted split, so make the change together with that upgrade.',
    when: 'With Envoy AI Gateway 0.4 or later',
  });
}

/** GRPCRoutes; their references are among those of the Inventory. */
export function grpcRouteAdvice(routes: readonly KubeObject[], pools: Pools): Advice {
  return advice(routes.flatMap(backendPlaces), pools, null, {
    id: 'reference-grpc-backend-ref',
    why: 'No controller that we know serves an InferencePool from a GRPCRoute, so this version leaves it as it is; it keeps the alpha pool from being cleaned up.',
    when: 'If it is still wanted',
  });
}

/**
 * BackendSecurityPolicies of Envoy AI Gateway. Its CRD takes AIServiceBackends, and pools of the v1 group in later releases
 * (the rules on targetRefs in its backendsecurity_policy.go); one that names an alpha pool applies to nothing.
 */
export function securityPolicyAdvice(policies: readonly KubeObject[], pools: Pools): Advice {
  const places = policies.flatMap((object) =>
    listIn(object['spec']?.targetRefs).map((target, index): Place => ({
      object,
      path: `spec.targetRefs[${index}]`,
      pointer: `/spec/targetRefs/${index}`,
      target: target as BackendRef,
    })),
  );
  return advice(places, pools, 'securityPolicy', {
    id: 'reference-security-policy',
    why: 'Envoy AI Gateway takes pools of the v1 group only here: requests to the v1 pool go out without these credentials.',
    when: 'Before any traffic',
  });
}

function backendPlaces(object: KubeObject): Place[] {
  return rulesOf(object).flatMap((rule, outer) =>
    (rule.backendRefs ?? []).map((target, inner) => ({
      object,
      path: `spec.rules[${outer}].backendRefs[${inner}]`,
      pointer: `/spec/rules/${outer}/backendRefs/${inner}`,
      target,
    })),
  );
}

interface Words {
  readonly id: FindingId;
  readonly why: string;
  readonly when: string;
}

function advice(
  places: readonly Place[],
  pools: Pools,
  relation: PoolReference['relation'] | null,
  { id, why, when }: Words,
): Advice {
  const references: PoolReference[] = [];
  const findings: Finding[] = [];
  for (const { object, path, pointer, target } of places) {
    const from = refOf(object);
    const pool = target ? poolTarget(target, from.namespace) : null;
    if (pool?.group !== ALPHA_GROUP) continue;
    if (relation) references.push({ from, path, relation, pool });
    const v1 = pools.v1NameOf(pool);
    const command = patchCommand(from, [
      ...replacing(`${pointer}/name`, target.name, v1),
      ...replacing(`${pointer}/group`, ALPHA_GROUP, V1_GROUP),
    ]);
    findings.push(
      finding(object, {
        id,
        field: path,
        message: `It points at the alpha pool ${pool.namespace}/${pool.name}. ${why}${whoseItIs(object)}`,
        hint: v1
          ? `${when}: ${command}`
          : pools.has(pool)
            ? `Make the v1 pool first: kubectl infpool convert ${shellWord(pool.name)}${inNamespace(pool.namespace)} --apply. detect then gives the command that points this at it.`
            : `No alpha pool of that name was seen. If there is none, take the reference out: ${kubectl('edit', from)}`,
      }),
    );
  }
  return { references, findings };
}
