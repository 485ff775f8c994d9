import type { Owner } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { groupOf } from '../api/resource.ts';
import {
  argoOptionsOwner,
  argoOwner,
  configSyncOwner,
  fluxOwner,
  helmOwner,
  inventoryOwner,
  wranglerOwner,
} from './owners/gitops.ts';
import { fieldManagerOwner } from './owners/managers.ts';

/**
 * Who would put this object back after a change by hand; null when nobody that we can see. Who writes last comes first:
 * a controller before Git, Git before Helm, and a field manager only where nothing on the object says more. `ours` is
 * the `--field-manager` of this run, which owns nothing.
 */
export function ownerOf(object: KubeObject, ours?: string): Owner | null {
  return (
    controllerOwner(object) ??
    fluxOwner(object) ??
    argoOwner(object) ??
    configSyncOwner(object) ??
    wranglerOwner(object) ??
    inventoryOwner(object) ??
    helmOwner(object) ??
    argoOptionsOwner(object) ??
    fieldManagerOwner(object, ours)
  );
}

function controllerOwner({ metadata }: KubeObject): Owner | null {
  const owners = metadata.ownerReferences ?? [];
  const owner = owners.find((candidate) => candidate.controller) ?? owners[0];
  if (!owner) return null;
  const group = groupOf(owner.apiVersion);
  return {
    kind: 'Controller',
    name: `${owner.kind}/${owner.name}`,
    namespace: metadata.namespace ?? '',
    ...(group === '' ? {} : { group }),
  };
}
