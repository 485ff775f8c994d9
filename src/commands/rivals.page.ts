import type { FindingPages } from '../api/page.ts';
import { ARGO_CD, FLUX } from '../api/sources.ts';

export const RIVAL_PAGES = {
  'pool-recreated': {
    title: 'The alpha pool was deleted and made again during the migration',
    severity: ['error'],
    means: 'The pool has another uid than when migrate began: somebody, or a Git controller, made it anew.',
    known:
      'The uid is compared with the one that was read at the start; the finding names who wrote it last.',
    matters:
      'Whoever made it would make it once more after a cleanup. And the v1 pool was made from the old one: selector and port may be other now.',
    cure: [
      'See who made it, and take it out of its source (Git, Helm, an operator):',
      '$ kubectl get -n NAMESPACE inferencepools.inference.networking.x-k8s.io/POOL -o yaml --show-managed-fields',
      'Compare it with the v1 pool, then go on:',
      '$ kubectl infpool convert POOL -n NAMESPACE',
      '$ kubectl infpool migrate POOL -n NAMESPACE',
    ],
    past: '--force',
    sources: [ARGO_CD, FLUX],
  },
} satisfies FindingPages;
