import type { FindingPages } from '../api/page.ts';

export const CLAIM_PAGES = {
  'pool-claimed': {
    title: 'Somebody else is migrating the pool',
    severity: ['error'],
    means:
      'Another run of kubectl infpool migrate is at work on the pool. Who it is, on which machine, since when and when it last gave a sign is in the message.',
    known:
      'As long as it works, migrate keeps a Lease kubectl-infpool-POOL beside the pool, renewed every 10 seconds, and deletes it at its end. One that was not renewed for 30 seconds, or whose process has ended on this machine, counts for nothing.',
    matters:
      'Two at once undo each other: one raises the weight of v1 while the other puts the original backendRefs back.',
    cure: [
      'Let it finish, or ask whoever it is. See the Lease:',
      '$ kubectl get leases.coordination.k8s.io kubectl-infpool-POOL -n NAMESPACE -o yaml',
      'If it is no longer running, go on in its place; should it still run after all, it stops before its next write:',
      '$ kubectl infpool migrate POOL -n NAMESPACE --take-over',
    ],
    past: '`migrate` by --take-over; `split`, `rollback` and `cleanup` by --force, beside the run, which then stops when it sees that its weights were changed.',
    sources: [
      {
        title: 'Kubernetes: Leases',
        url: 'https://kubernetes.io/docs/concepts/architecture/leases/',
      },
    ],
  },
  'pool-recreated': {
    title: 'The alpha pool was deleted and made again while it was migrated',
    severity: ['error'],
    means: 'The pool has the same name and spec as when the migration began, and another uid.',
    known:
      'The uid that the pool had when the migration was planned is compared at every look at the cluster.',
    matters:
      'Something makes the pool: a controller, a pipeline, a Git repository. Deleted by a cleanup it would come back.',
    cure: [
      'Find out who makes it, by the field managers and the owner:',
      '$ kubectl get inferencepools.inference.networking.x-k8s.io/POOL -n NAMESPACE -o yaml --show-managed-fields',
      'Take it out of there, then clean up:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE',
    ],
    past: '--force: it is deleted; if it comes back, so does this.',
    sources: [
      {
        title: 'Kubernetes: Object names and IDs',
        url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
      },
    ],
  },
} satisfies FindingPages;
