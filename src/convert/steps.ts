import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import { MIGRATED_FROM_ANNOTATION, MODELS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { ApplyStep, Step } from '../api/plan.ts';
import { describeRef, qualifiedRef, ref, refKey, refOf } from '../api/ref.ts';
import { CRD } from '../api/resource.ts';
import { helmInstallArgs, type ChartOptions } from './chart.ts';
import type { Conversion, ConvertedUnit } from './convert.ts';
import { covers } from '../api/covers.ts';
import type { CrdDecision } from './crds.ts';

export interface StepContext {
  /** By CRD name; every CRD that is to be installed or updated must be there. */
  readonly crdManifests: ReadonlyMap<string, KubeObject>;
  readonly decisions: readonly CrdDecision[];
  /** The live object of this identity, if it was read. */
  readonly live: (object: KubeObject) => KubeObject | undefined;
  readonly epp: 'chart' | 'none';
  readonly chart: ChartOptions;
  /** By refKey: v1 pools that are there without the Service of their endpoint picker. */
  readonly withoutPicker?: ReadonlySet<string>;
}

/**
 * Phase 1 in order: CRDs, then per pool the chart (or the pool itself) and the objectives, then what stands beside the pools
 * (grants, policies, rules: over what the chart has made by then), and the waits for the endpoint pickers.
 */
export function phaseOneSteps(
  conversion: Conversion,
  context: StepContext,
): { steps: Step[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const steps: Step[] = crdSteps(context);
  const waits: Step[] = [];
  for (const unit of conversion.units) {
    if (!unit.pool) continue;
    steps.push(...poolSteps(unit, unit.pool, context));
    for (const object of unit.others) {
      const step = applyUnlessThere(object, context, findings);
      if (step) steps.push(step);
    }
    const pool = refOf(unit.pool);
    waits.push({
      action: 'wait',
      ref: pool,
      reason: 'its endpoint picker must be ready before any traffic',
      condition: 'eppReady',
    });
  }
  const beside = conversion.companions.map(({ step }) => step);
  return { steps: [...steps, ...beside, ...waits], findings };
}

export function crdSteps({
  decisions,
  crdManifests,
  live,
}: Pick<StepContext, 'decisions' | 'crdManifests' | 'live'>): Step[] {
  return decisions.flatMap((decision): Step[] => {
    const manifest = crdManifests.get(decision.name);
    if (decision.action === 'keep' || !manifest) return [];
    return [
      {
        action: 'crd',
        ref: ref(CRD, '', decision.name),
        reason: decision.reason,
        manifest,
        live: live(manifest) ?? null,
      },
    ];
  });
}

function poolSteps(unit: ConvertedUnit, pool: KubeObject, context: StepContext): Step[] {
  const remember = rememberStep(unit, pool, context);
  const install: Step = {
    action: 'helm',
    verb: 'install',
    ref: refOf(pool),
    reason: `v1 pool and endpoint picker for ${qualifiedRef(refOf(unit.alpha))}`,
    release: pool.metadata.name,
    namespace: pool.metadata.namespace ?? '',
    args: helmInstallArgs(pool, context.chart),
  };
  if (unit.existing) {
    const marks = remember ? [remember] : [];
    if (context.epp === 'none') return marks;
    if (context.withoutPicker?.has(refKey(refOf(pool))))
      return isRelease(unit.existing) ? [install, ...marks] : [adoptStep(unit.existing), install, ...marks];
    // Made by helm and not marked yet: an install that was interrupted half-way leaves just that. A whole one stays as it is.
    return remember && isRelease(unit.existing) ? [install, remember] : marks;
  }
  if (context.epp === 'none')
    return [
      {
        action: 'apply',
        ref: refOf(pool),
        reason: `the v1 pool for ${qualifiedRef(refOf(unit.alpha))}`,
        manifest: pool,
        live: null,
      },
    ];
  return [install, ...(remember ? [remember] : [])];
}

// What the chart can't be told: where the pool comes from, what people wrote on the alpha one, and, of early charts, FailOpen.
function rememberStep(unit: ConvertedUnit, pool: KubeObject, context: StepContext): ApplyStep | null {
  const annotations = Object.fromEntries(
    Object.entries(pool.metadata.annotations ?? {}).map(([key, value]) => {
      const known = unit.existing?.metadata.annotations?.[key];
      return [key, key === MODELS_ANNOTATION && holdsAll(known, value) ? known! : value];
    }),
  );
  const { labels } = pool.metadata;
  const failureMode = pool['spec'].endpointPickerRef?.failureMode as string | undefined;
  const open = !unit.existing && failureMode === 'FailOpen' && !context.chart.release.chartFailureMode;
  const wanted = { ...(labels ? { labels } : {}), annotations };
  // Of a pool that is there only our own marks are ours to write.
  const marks = Object.entries(annotations).filter(([key]) => OURS.has(key));
  if (unit.existing && marks.every(([key, value]) => unit.existing?.metadata.annotations?.[key] === value))
    return null;
  return {
    action: 'apply',
    ref: refOf(pool),
    reason: `remember that it takes over from ${describeRef(refOf(unit.alpha))}${open ? '; FailOpen, which this chart does not know' : ''}`,
    manifest: {
      apiVersion: pool.apiVersion,
      kind: pool.kind,
      metadata: {
        ...nameOf(pool),
        ...(unit.existing ? { annotations: Object.fromEntries(marks) } : wanted),
      },
      ...(open ? { spec: { endpointPickerRef: { failureMode } } } : {}),
    },
    live: unit.existing,
  };
}

const OURS = new Set([MIGRATED_FROM_ANNOTATION, MODELS_ANNOTATION]);

// Helm takes over what says that it is helm's. Source: helm, pkg/action/validate.go (checkOwnership).
function adoptStep(existing: KubeObject): ApplyStep {
  return {
    action: 'apply',
    ref: refOf(existing),
    reason: 'its endpoint picker is not there; with these marks helm takes the pool over and makes the rest',
    manifest: {
      apiVersion: existing.apiVersion,
      kind: existing.kind,
      metadata: {
        ...nameOf(existing),
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: {
          'meta.helm.sh/release-name': existing.metadata.name,
          'meta.helm.sh/release-namespace': existing.metadata.namespace ?? '',
        },
      },
    },
    live: existing,
  };
}

function nameOf({ metadata }: KubeObject): KubeObject['metadata'] {
  return {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
}

// The chart names its pool after the release.
function isRelease(pool: KubeObject): boolean {
  return pool.metadata.annotations?.['meta.helm.sh/release-name'] === pool.metadata.name;
}

// Models that were deleted since, by a cleanup that was interrupted, are still worth remembering.
function holdsAll(known: string | undefined, wanted: string): boolean {
  try {
    const names = JSON.parse(known ?? '[]') as unknown[];
    return (JSON.parse(wanted) as unknown[]).every((name) => names.includes(name));
  } catch {
    return false;
  }
}

// An object of this name that is already there is somebody's decision: equal, nothing to do; other, kept and named.
function applyUnlessThere(object: KubeObject, context: StepContext, findings: Finding[]): ApplyStep | null {
  const live = context.live(object);
  if (!live)
    return {
      action: 'apply',
      ref: refOf(object),
      reason: `for InferenceModel ${object.metadata.name}`,
      manifest: object,
      live: null,
    };
  if (covers(live['spec'], object['spec'])) return null;
  const samePool = live['spec']?.poolRef?.name === object['spec']?.poolRef?.name;
  findings.push({
    id: samePool ? 'objective-differs' : 'objective-name-taken',
    severity: samePool ? 'warning' : 'error',
    ref: refOf(object),
    field: samePool ? 'spec' : 'spec.poolRef',
    message: samePool
      ? `It exists already, with a different spec (${JSON.stringify(live['spec'])}); it is kept as it is.`
      : `It exists already for the pool "${live['spec']?.poolRef?.name}"; two pools can't share one name.`,
    hint: `Look at it: ${kubectl('get', refOf(live))} -o yaml`,
  });
  return null;
}
