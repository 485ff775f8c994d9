import type { Finding } from '../../api/finding.ts';
import { shellWord } from '../../api/shellWord.ts';
import { inNamespace, kubectl } from '../../api/kubectl.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, groupOf, V1_POOL, apiVersionOf } from '../../api/resource.ts';
import type { PoolReference } from '../references.ts';
import { finding, listIn, patchCommand, replacing, whoseItIs, type Advice } from './advice.ts';
import { eitherName, poolsIn, renamed, renamedIn, withPool } from './metrics.ts';
import { everyPoolOf, type MigratingPool, type Pools } from './pools.ts';

/** A text that names a metric, where it stands, and the pool that it is confined to. */
interface Use {
  /** As in a finding: `spec.metrics[0].external.metric`. */
  readonly path: string;
  /** JSON pointers to the metric's name (or query), and to the pool's name. */
  readonly at: string;
  readonly poolAt: string;
  readonly text: string;
  /** The pools named beside it, by a label. */
  readonly pools: readonly string[];
  /** PromQL can ask for two names at once; an HPA's metric has one. */
  readonly query: boolean;
}

/** HorizontalPodAutoscalers that scale on what the alpha endpoint pickers measure, or on an alpha pool's own metric. */
export function hpaAdvice(hpas: readonly KubeObject[], pools: Pools): Advice {
  return merge([
    ...hpas.map((hpa) => usesAdvice(hpa, hpaUses(hpa), pools)),
    ...hpas.map((hpa) => describedPools(hpa, pools)),
  ]);
}

/** KEDA's ScaledObjects, by the queries and metric names of their triggers. */
export function scaledObjectAdvice(objects: readonly KubeObject[], pools: Pools): Advice {
  return merge(objects.map((object) => usesAdvice(object, triggerUses(object), pools)));
}

function merge(parts: readonly Advice[]): Advice {
  return {
    references: parts.flatMap(({ references }) => references),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function usesAdvice(object: KubeObject, uses: readonly Use[], pools: Pools): Advice {
  const from = refOf(object);
  const references: PoolReference[] = [];
  const findings: Finding[] = [];
  for (const use of uses) {
    const named = use.pools.flatMap((name) => pools.named(name, from.namespace));
    const targets = named.map(({ alpha }) => refOf(alpha));
    const old = renamedIn(use.text);
    // Without a pool's name it counts for all of them here.
    if (targets.length === 0 && old.length > 0 && pools.in(from.namespace).length > 0)
      targets.push(everyPoolOf(from.namespace));
    references.push(
      ...targets.map((pool) => ({ from, path: use.path, relation: 'autoscaling' as const, pool })),
    );
    findings.push(...old.map((metric) => falling(object, use, metric)));
    if (use.text.includes('inference_pool_'))
      findings.push(...named.flatMap((pool) => ending(object, use, pool)));
  }
  return { references, findings };
}

// Each picker counts what goes through it. In the middle of a split neither name tells the whole.
function falling(object: KubeObject, use: Use, metric: string): Finding {
  const from = refOf(object);
  const to = use.text.replaceAll(metric, renamed(metric));
  return finding(object, {
    id: 'autoscaler-metric-renamed',
    field: use.path,
    message: `It scales on ${metric}, of which each endpoint picker counts its own requests, and which one of v1.1.0 or later calls ${renamed(metric)}: as traffic moves to v1 the number falls, and servers that are as busy as before are taken away.${whoseItIs(object)}`,
    hint: use.query
      ? `Before any traffic moves let the query add up both, sum(${eitherName(metric)}): ${kubectl('edit', from)}`
      : `While traffic moves, hold the number of servers (minReplicas) or scale on inference_pool_average_queue_size, which either picker reports of all servers. With all traffic on v1: ${patchCommand(from, replacing(use.at, use.text, to))}`,
  });
}

function ending(object: KubeObject, use: Use, { alpha, v1 }: MigratingPool): Finding[] {
  const from = refOf(object);
  const { name, namespace } = refOf(alpha);
  if (v1 && use.pools.includes(v1.name)) return [];
  const to = v1 ? (use.query ? withPool(use.text, name, v1.name) : v1.name) : '';
  return [
    finding(object, {
      id: 'autoscaler-metric-of-alpha-pool',
      field: use.path,
      message: `It scales on a metric of the alpha pool ${namespace}/${name} by name. That ends when the alpha endpoint picker goes, and without it nothing is scaled any more.${whoseItIs(object)}`,
      hint: v1
        ? `The v1 endpoint picker reports the same servers under its pool's name. Before cleanup: ${patchCommand(from, replacing(use.poolAt, use.query ? use.text : name, to))}`
        : `Make the v1 pool first: kubectl infpool convert ${shellWord(name)}${inNamespace(namespace)} --apply. Its name goes into ${use.path} before cleanup.`,
    }),
  ];
}

interface HpaMetric {
  readonly type?: string;
  readonly [source: string]: unknown;
}

interface Source {
  readonly metric?: {
    readonly name?: string;
    readonly selector?: { readonly matchLabels?: Record<string, string> };
  };
  readonly describedObject?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
}

// `External` is in `external`, `Pods` in `pods`, `Object` in `object`.
function sourcesOf(hpa: KubeObject): { key: string; index: number; source: Source }[] {
  return listIn(hpa['spec']?.metrics).flatMap((entry, index) => {
    const metric = (entry ?? {}) as HpaMetric;
    const key = (metric.type ?? '').toLowerCase();
    const source = metric[key] as Source | undefined;
    return source ? [{ key, index, source }] : [];
  });
}

function hpaUses(hpa: KubeObject): Use[] {
  return sourcesOf(hpa).flatMap(({ key, index, source: { metric } }): Use[] => {
    if (!metric?.name || !/inference_(model|pool)_/.test(metric.name)) return [];
    const pool = metric.selector?.matchLabels?.['name'];
    const base = `/spec/metrics/${index}/${key}/metric`;
    return [
      {
        path: `spec.metrics[${index}].${key}.metric`,
        at: `${base}/name`,
        poolAt: `${base}/selector/matchLabels/name`,
        text: metric.name,
        pools: pool ? [pool] : [],
        query: false,
      },
    ];
  });
}

// A metric of the pool as an object of the API: the adapter looks for an object that will be gone.
function describedPools(hpa: KubeObject, pools: Pools): Advice {
  const from = refOf(hpa);
  return merge(
    sourcesOf(hpa).flatMap(({ key, index, source: { describedObject } }): Advice[] => {
      const { apiVersion = '', kind, name = '' } = describedObject ?? {};
      if (kind !== ALPHA_POOL.kind || groupOf(apiVersion) !== ALPHA_GROUP) return [];
      const pool = { ...everyPoolOf(from.namespace), name };
      const path = `spec.metrics[${index}].${key}.describedObject`;
      const at = `/spec/metrics/${index}/${key}/describedObject`;
      const v1 = pools.v1NameOf(pool);
      const change = [
        ...replacing(`${at}/name`, name, v1),
        ...replacing(`${at}/apiVersion`, apiVersion, apiVersionOf(V1_POOL)),
      ];
      return [
        {
          references: [{ from, path, relation: 'autoscaling', pool }],
          findings: [
            finding(hpa, {
              id: 'autoscaler-metric-of-alpha-pool',
              field: path,
              message: `It scales on a metric of the alpha pool ${pool.namespace}/${name} as an object, and scales nothing any more once that is gone.${whoseItIs(hpa)}`,
              hint: v1
                ? `Before cleanup: ${patchCommand(from, change)}`
                : `Make the v1 pool first: kubectl infpool convert ${shellWord(name)}${inNamespace(pool.namespace)} --apply. It is named here before cleanup.`,
            }),
          ],
        },
      ];
    }),
  );
}

function triggerUses(object: KubeObject): Use[] {
  return listIn(object['spec']?.triggers).flatMap((trigger, index): Use[] => {
    const metadata = ((trigger as { metadata?: unknown } | null)?.metadata ?? {}) as Record<string, unknown>;
    return Object.entries(metadata).flatMap(([key, text]): Use[] => {
      if (typeof text !== 'string' || !/inference_(model|pool)_/.test(text)) return [];
      const at = `/spec/triggers/${index}/metadata/${key}`;
      const path = `spec.triggers[${index}].metadata.${key}`;
      return [{ path, at, poolAt: at, text, pools: poolsIn(text), query: true }];
    });
  });
}
