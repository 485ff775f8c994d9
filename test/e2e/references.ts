// The scenario `references`, as its spec sees it: what is sent to it, what is only reported of it, and how a person follows
// the advice.
import type { Json, KubeObject, KubeRef } from '../lab/kube.ts';
import type { Lab } from '../lab/lab.ts';
import { kubectl } from '../lab/scenarios/commands.ts';

export const ALPHA_GROUP = 'inference.networking.x-k8s.io';
export const V1_GROUP = 'inference.networking.k8s.io';

/** One for each rule; `summaries` is known to the endpoint pickers only, which rename it. */
export const TRAFFIC = [
  'food-review',
  'summaries',
  { model: 'cad-fabricator', headers: { 'x-use': 'code' } },
  ...['weighted', 'inner', 'copied'].map((use) => ({ model: 'food-review', headers: { 'x-use': use } })),
  { model: 'food-review', headers: { 'x-team': 'web' } },
];

/** Kinds that only their owners can change; each must be named with what to do. */
export const REPORTED = [
  'GRPCRoute edge/tokens',
  'AIGatewayRoute models/ai',
  'BackendSecurityPolicy models/key',
  'ServiceMonitor models/code-pool-epp',
  'PodMonitoring models/code-pool-epp',
  'ClusterPodMonitoring /code-pool-epp',
  'PrometheusRule models/inference',
  'HorizontalPodAutoscaler models/code-vllm',
  'ScaledObject models/chat-vllm',
];

export const keyOf = ({ kind, namespace, name }: KubeRef) => `${kind} ${namespace ?? ''}/${name}`;

/** Where the advice is to edit, or to make another one: as a person would. */
export async function followAdvice(lab: Lab): Promise<void> {
  const json = async (...what: string[]) =>
    JSON.parse(await kubectl(lab, ['get', ...what, '-n', 'models', '-o', 'json'])) as KubeObject;
  const rule = await json('prometheusrules.monitoring.coreos.com/inference');
  const metric = 'request_error_total';
  const text = JSON.stringify(rule['spec'])
    .replaceAll(`inference_model_${metric}`, `{__name__=~\\"inference_(model|objective)_${metric}\\"}`)
    .replaceAll('name=\\"chat-preview\\"', 'name=~\\"chat-preview|chat-ga\\"');
  const changed = { ...rule, spec: JSON.parse(text) as Json };
  await kubectl(lab, ['replace', '-f', '-'], JSON.stringify(changed));
  const service = await json('services/code-pool-ga-epp');
  const pods = (await json('deployments.apps/code-pool-ga-epp'))['spec'].template.metadata.labels as Json;
  for (const [plural, labels] of [
    ['servicemonitors.monitoring.coreos.com', service.metadata['labels'] as Json],
    ['podmonitorings.monitoring.googleapis.com', pods],
    ['clusterpodmonitorings.monitoring.googleapis.com', pods],
  ] as const) {
    const { apiVersion, kind, metadata, spec } = await json(`${plural}/code-pool-epp`);
    const like = {
      apiVersion,
      kind,
      metadata: { namespace: metadata.namespace, name: 'code-pool-ga-epp' },
      spec: { ...spec, selector: { matchLabels: labels } },
    };
    await kubectl(lab, ['apply', '-f', '-'], JSON.stringify(like));
  }
}

/** What was written for the alpha pools, for the v1 ones. */
export function asV1(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value)
      .replaceAll(ALPHA_GROUP, V1_GROUP)
      .replaceAll('chat-preview', 'chat-ga')
      .replaceAll('"code-pool"', '"code-pool-ga"'),
  );
}

/** A ref that is alone in its rule gets all of its requests, whatever its weight. */
export function weightless(rules: Json[]): Json[] {
  return rules.map((rule) => ({
    ...rule,
    backendRefs: (rule.backendRefs as Json[]).map(({ weight, ...ref }, _, { length }) =>
      length === 1 ? ref : { ...ref, weight },
    ),
  }));
}

const LISTS: Record<string, string> = { ReferenceGrant: 'to', GCPTrafficDistributionPolicy: 'targetRefs' };

/** With the entries of lists in one order: an entry that went and came back stands last. */
export function sortedEntries(objects: KubeObject[]): KubeObject[] {
  return objects.map((object) => {
    const field = LISTS[object.kind];
    if (!field) return object;
    const entries = (object['spec'][field] as Json[]).toSorted((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    );
    return { ...object, spec: { ...object['spec'], [field]: entries } };
  });
}
