import type { FindingPages } from '../api/page.ts';
import { RBAC } from '../api/sources.ts';

export const ELSEWHERE_PAGES = {
  'only-this-namespace': {
    title: 'Routes of other namespaces could not be read',
    severity: ['warning'],
    means:
      'You asked about one namespace, and your user may not list HTTPRoutes elsewhere. A route of another namespace can lead to the pools of this one.',
    known: 'Routes were asked for in all namespaces, and the API server refused.',
    matters:
      'What is said about traffic ("no route leads to it", percents) holds for the routes of this namespace only.',
    cure: [
      'Ask someone who may list routes everywhere to run it without -n:',
      '$ kubectl infpool detect',
      'Or check what you may do:',
      '$ kubectl auth can-i list httproutes.gateway.networking.k8s.io --all-namespaces',
    ],
    sources: [RBAC],
  },
} satisfies FindingPages;
