import type { Finding } from '../api/finding.ts';
import { ALPHA_GROUP } from '../api/resource.ts';

// What is no object, but may have to change all the same. `field` is the file and the line.

export function foreignFinding(where: string): Finding {
  return {
    id: 'mention-in-file',
    severity: 'warning',
    ref: null,
    field: where,
    message: `It is no Kubernetes object, but mentions ${ALPHA_GROUP}; it is not changed.`,
    hint: 'Look whether it has to name the v1 objects: a patch, a policy, a script that asks for alpha pools.',
  };
}

export function templateFinding(where: string, file: string): Finding {
  return {
    id: 'template-not-rendered',
    severity: 'warning',
    ref: null,
    field: where,
    message: 'It has {{ … }} in it and is no YAML before it is rendered, so it was not looked into.',
    hint: `Render it first, and give ${file} in that form: … | kubectl infpool convert -f -`,
  };
}

export function outsideFinding(path: string, why: string): Finding {
  return {
    id: 'link-not-followed',
    severity: 'warning',
    ref: null,
    field: path,
    message: `It was not looked at: ${why}.`,
    hint: 'If it belongs to these manifests, give what it leads to as another -f.',
  };
}

export function kustomizationFinding(where: string): Finding {
  return {
    id: 'mention-in-kustomization',
    severity: 'warning',
    ref: null,
    field: where,
    message: `It mentions ${ALPHA_GROUP}, as the target of a patch or the like; kustomizations are not changed.`,
    hint: 'Add the same for the v1 objects, and take the old one out when the alpha objects are gone.',
  };
}

export function alphaCrdFinding(where: string): Finding {
  return {
    id: 'alpha-crd-in-file',
    severity: 'warning',
    ref: null,
    field: where,
    message:
      'It is a CRD of v1alpha2. Where Git prunes, taking it out deletes the CRD and with it every object of it in the cluster.',
    hint: 'Keep it until no alpha object is left: kubectl infpool detect',
  };
}
