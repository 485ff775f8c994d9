import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import type { FindingId } from '../api/ids.ts';
import { MIGRATED_FROM_ANNOTATION, MODELS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { ref, refOf } from '../api/ref.ts';
import { apiVersionOf, V1_POOL } from '../api/resource.ts';
import { carriedMetadata } from './metadata.ts';
import type { Release } from './releases.ts';

/** The EPP's port where an alpha pool names none. Source: apix/v1alpha2, ExtensionReference.portNumber. */
const DEFAULT_EPP_PORT = 9002;
/** v1 selectors hold 1 to 64 labels. Source: the v1 CRD from v1.0.2 on. */
const MAX_LABELS = 64;

interface AlphaSpec {
  selector?: Record<string, string>;
  targetPortNumber?: number;
  extensionRef?: { group?: string; kind?: string; name?: string; portNumber?: number; failureMode?: string };
}

/** What becomes of a pool; `object` is null when no valid v1 pool can be made of it. */
export interface ConvertedPool {
  readonly object: KubeObject | null;
  readonly findings: readonly Finding[];
}

export interface PoolTarget {
  readonly name: string;
  /** The Service of the endpoint picker that serves the v1 pool; the alpha one can't. */
  readonly eppName: string;
  readonly release: Release;
  /** True where upstream's chart makes the pool, with its own endpoint picker on the chart's port. */
  readonly byChart: boolean;
  /** The modelNames that are asked for through it. */
  readonly models: readonly string[];
}

/** The v1 pool for an alpha pool. Field by field as upstream's apix/v1alpha2/inferencepool_conversion.go, without its gaps. */
export function convertPool(alpha: KubeObject, target: PoolTarget): ConvertedPool {
  const spec = (alpha['spec'] ?? {}) as AlphaSpec;
  const findings = [...selectorFindings(alpha, spec), ...extensionFindings(alpha, spec, target)];
  if (findings.some((finding) => finding.severity === 'error')) return { object: null, findings };

  const extension = spec.extensionRef ?? {};
  const metadata = carriedMetadata(alpha.metadata, target.name);
  const object: KubeObject = {
    apiVersion: apiVersionOf(V1_POOL),
    kind: V1_POOL.kind,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, ...originAnnotations(alpha, target.models) },
    },
    spec: {
      selector: { matchLabels: { ...spec.selector } },
      targetPorts: [{ number: spec.targetPortNumber }],
      endpointPickerRef: {
        // The chart's own picker is a Service, whatever the alpha one was.
        ...(extension.group && !target.byChart ? { group: extension.group } : {}),
        kind: (target.byChart ? undefined : extension.kind) ?? 'Service',
        name: target.eppName,
        port: { number: target.byChart ? DEFAULT_EPP_PORT : (extension.portNumber ?? DEFAULT_EPP_PORT) },
        failureMode: extension.failureMode ?? 'FailClose',
      },
    },
  };
  return { object, findings };
}

/** What the v1 pool remembers of where it comes from. */
export function originAnnotations(alpha: KubeObject, models: readonly string[]): Record<string, string> {
  const from = { [MIGRATED_FROM_ANNOTATION]: alpha.metadata.name };
  return models.length === 0 ? from : { ...from, [MODELS_ANNOTATION]: JSON.stringify(models) };
}

function selectorFindings(alpha: KubeObject, spec: AlphaSpec): Finding[] {
  const count = Object.keys(spec.selector ?? {}).length;
  const problem =
    count === 0 ? 'Its selector is empty' : count > MAX_LABELS ? `Its selector has ${count} labels` : null;
  const findings: Finding[] = [];
  if (problem)
    findings.push({
      id: count === 0 ? 'selector-empty' : 'selector-too-large',
      severity: 'error',
      ref: refOf(alpha),
      field: 'spec.selector',
      message: `${problem}; a v1 pool needs 1 to ${MAX_LABELS} labels. No v1 pool was made of it.`,
      hint: 'Give the alpha pool a selector that matches its model servers only, then run this again.',
    });
  if (spec.targetPortNumber === undefined)
    findings.push({
      id: 'target-port-missing',
      severity: 'error',
      ref: refOf(alpha),
      field: 'spec.targetPortNumber',
      message: 'It has no targetPortNumber; a v1 pool needs the port of its model servers.',
      hint: 'Set spec.targetPortNumber, then run this again.',
    });
  return findings;
}

function extensionFindings(alpha: KubeObject, spec: AlphaSpec, target: PoolTarget): Finding[] {
  const extension = spec.extensionRef ?? {};
  const findings: Finding[] = [];
  const add = (id: FindingId, severity: Finding['severity'], field: string, message: string, hint: string) =>
    findings.push({ id, severity, ref: refOf(alpha), field: `spec.extensionRef${field}`, message, hint });

  if ((extension.kind ?? 'Service') !== 'Service')
    add(
      'extension-kind',
      'warning',
      '.kind',
      `The endpoint picker is a ${extension.kind}, not a Service; ${target.byChart ? 'the chart makes a Service of its own' : 'this is kept as it is'}.`,
      target.byChart
        ? 'To go on with yours: --epp none'
        : 'Check that your controller supports it for v1 pools.',
    );
  if (extension.portNumber === undefined)
    add(
      'port-defaulted',
      'info',
      '.portNumber',
      `It is not set, which means ${DEFAULT_EPP_PORT} in v1alpha2; v1 requires it, so ${DEFAULT_EPP_PORT} is written.`,
      '',
    );
  else if (target.byChart && extension.portNumber !== DEFAULT_EPP_PORT)
    add(
      'epp-port-by-chart',
      'info',
      '.portNumber',
      `The alpha endpoint picker listens on ${extension.portNumber}; the chart's own listens on ${DEFAULT_EPP_PORT}.`,
      'Network policies for the old port need the new one too.',
    );
  if (target.byChart && extension.failureMode === 'FailOpen' && !target.release.chartFailureMode)
    add(
      'failure-mode-lost',
      'info',
      '.failureMode',
      `FailOpen can't be passed to the chart of ${target.release.version}: with FailClose requests fail while the endpoint picker is down. "convert --apply" sets it once the chart is installed; helm alone does not.`,
      `After "-o helm": ${kubectl('patch', ref(V1_POOL, alpha.metadata.namespace ?? '', target.name))} --type=merge -p '{"spec":{"endpointPickerRef":{"failureMode":"FailOpen"}}}'`,
    );
  return findings;
}
