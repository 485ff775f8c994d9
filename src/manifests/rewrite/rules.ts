import type { KubeObject } from '../../api/object.ts';
import { shellWord } from '../../api/shellWord.ts';
import { refOf } from '../../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, CRD, groupOf, MODEL, qualifiedName } from '../../api/resource.ts';
import { unchanged, type Change } from './change.ts';
import { destinationRuleChange } from './destinationRule.ts';
import { grantChange } from './grant.ts';
import { modelChange } from './model.ts';
import { policyChange } from './policy.ts';
import { poolChange } from './pool.ts';
import { routeChange } from './route.ts';
import type { Targets } from './targets.ts';

const CRDS = [ALPHA_POOL, MODEL].map(qualifiedName);

/** What becomes of an object, by its kind. What no rule knows stays as it is: EndpointPickerConfig, for one. */
export function changeOf(object: KubeObject, targets: Targets): Change {
  const group = groupOf(object.apiVersion);
  switch (`${group}/${object.kind}`) {
    case `${ALPHA_GROUP}/InferencePool`:
      return poolChange(object, targets);
    case `${ALPHA_GROUP}/InferenceModel`:
      return modelChange(object, targets);
    case 'gateway.networking.k8s.io/HTTPRoute':
      return routeChange(object, targets);
    case 'gateway.networking.k8s.io/ReferenceGrant':
      return grantChange(object, targets);
    case 'networking.istio.io/DestinationRule':
      return destinationRuleChange(object, targets);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return crdChange(object);
    default:
      return policyChange(object, targets);
  }
}

// Deleting an alpha CRD deletes every object of it, in every namespace.
function crdChange(crd: KubeObject): Change {
  if (!CRDS.includes(crd.metadata.name)) return unchanged(crd);
  return unchanged(crd, [
    {
      id: 'crd-in-file',
      severity: 'info',
      ref: refOf(crd),
      field: '',
      message: `This ${CRD.kind} of v1alpha2 was left: taking it out of Git can delete it, and with it every object that is left of it.`,
      hint: `Take it out when this finds none: kubectl get ${shellWord(crd.metadata.name)} -A`,
    },
  ]);
}
