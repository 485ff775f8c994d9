import type { Owner } from './inventory.ts';

/** `Helm release NAME`, for messages. */
export function describeOwner(owner: Owner): string {
  const what = {
    Helm: 'Helm release',
    ArgoCD: 'Argo CD application',
    Flux: 'Flux',
    Controller: 'controller',
  }[owner.kind];
  return `${what} ${owner.name}`;
}
