import type { CheckPage, CheckPages } from '../api/page.ts';
import { RBAC } from '../api/sources.ts';

const readable = (group: string, kinds: string, resources: readonly string[], hides: string): CheckPage => ({
  group,
  title: `${kinds} could be read`,
  means: 'The list was asked for and refused, or failed. The check is there only then, and is unknown.',
  known: 'The answer of the API server, which is in the evidence.',
  matters: `What could not be read may hide ${hides}; then "all passed" would be a guess, so the verdict is unknown.`,
  cure: [
    'See whether you may:',
    ...resources.map((resource) => `$ kubectl auth can-i list ${resource} -n NAMESPACE`),
    'Ask for that right, or let someone who has it run it.',
  ],
  sources: [RBAC],
});

export const READABLE_PAGES = {
  'pools-readable': readable(
    'InferencePool',
    'InferencePools of both groups',
    ['inferencepools.inference.networking.x-k8s.io', 'inferencepools.inference.networking.k8s.io'],
    'a pool',
  ),
  'models-readable': readable(
    'InferenceModel',
    'InferenceModels',
    ['inferencemodels.inference.networking.x-k8s.io'],
    'a model of the pool',
  ),
  'objectives-readable': readable(
    'InferenceObjective',
    'InferenceObjectives',
    ['inferenceobjectives.inference.networking.x-k8s.io'],
    'that an objective is missing',
  ),
  'routes-readable': readable(
    'HTTPRoute',
    'HTTPRoutes',
    ['httproutes.gateway.networking.k8s.io'],
    'a route to the pool',
  ),
} satisfies CheckPages;
