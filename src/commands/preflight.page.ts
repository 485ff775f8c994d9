import type { FindingPages } from '../api/page.ts';
import { ACCESS_REVIEW, RBAC } from '../api/sources.ts';

export const PREFLIGHT_PAGES = {
  'not-allowed': {
    title: 'You may not do something that the migration will need',
    severity: ['error'],
    means:
      'Before migrate writes anything it asks the API server whether you may do all that it plans to do.',
    known: 'A SelfSubjectAccessReview for each verb, kind and namespace of the plan.',
    matters: 'The migration would stop half-way, at the worst with traffic on both pools.',
    cure: [
      'Check with the verb and the kind that the finding names:',
      '$ kubectl auth can-i VERB KIND -n NAMESPACE',
      'Ask for the right, or let someone who has it run it.',
    ],
    past: 'Nothing goes past it.',
    sources: [ACCESS_REVIEW, RBAC],
  },
} satisfies FindingPages;
