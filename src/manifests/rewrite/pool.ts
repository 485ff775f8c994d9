import type { Finding } from '../../api/finding.ts';
import { canonicalJson } from '../../api/json.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import { gone, unchanged, type Change } from './change.ts';
import { NotEditable, type Edit } from './edits.ts';
import { withoutServerMade } from './metadata.ts';
import type { Targets } from './targets.ts';

const EXTENSION = ['spec', 'extensionRef'] as const;

/**
 * An alpha InferencePool as the v1 one. The name, the endpoint picker's Service and its port are those of the converted
 * pool; selector, target port, kind, group and failureMode are the manifest's own. That matters where a name stands for
 * several manifests, as in the overlays of an environment each: one must not get the selector of another. Fields that
 * are not written are not added, so that a patch of some fields stays a patch, but for the port, which v1 requires.
 * failureMode is FailClose by default in v1alpha2 and in v1.
 */
export function poolChange(alpha: KubeObject, targets: Targets): Change {
  const pool = targets.pool(alpha.metadata.namespace ?? '', alpha.metadata.name);
  if (!pool) return unchanged(alpha);
  if (targets.has(pool)) return gone(alpha, pool);
  const { spec, findings } = v1Spec(alpha, pool);
  const { object, edits } = withoutServerMade(alpha);
  return {
    edits: [...edits, ...poolEdits(alpha, pool)],
    intended: {
      ...object,
      apiVersion: pool.apiVersion,
      metadata: { ...object.metadata, name: pool.metadata.name },
      ...(spec === undefined ? {} : { spec }),
    },
    added: [],
    findings,
  };
}

function poolEdits(alpha: KubeObject, pool: KubeObject): Edit[] {
  const spec = alpha['spec'] ?? {};
  const edits: Edit[] = [
    { op: 'set', path: ['apiVersion'], value: pool.apiVersion },
    { op: 'set', path: ['metadata', 'name'], value: pool.metadata.name },
  ];
  if (spec.selector !== undefined)
    edits.push({ op: 'wrap', path: ['spec', 'selector'], shape: ['matchLabels'] });
  if (spec.targetPortNumber !== undefined) {
    const path = ['spec', 'targetPortNumber'];
    edits.push({ op: 'rename', path, key: 'targetPorts' }, { op: 'wrap', path, shape: [0, 'number'] });
  }
  if (spec.extensionRef !== undefined) edits.push(...extensionEdits(spec.extensionRef, pool));
  return edits;
}

function extensionEdits(extension: Record<string, unknown>, pool: KubeObject): Edit[] {
  const { name, port } = pool['spec'].endpointPickerRef;
  const edits: Edit[] = [{ op: 'rename', path: EXTENSION, key: 'endpointPickerRef' }];
  if (extension['name'] !== undefined)
    edits.push({ op: 'set', path: [...EXTENSION, 'name'], value: name as string });
  if (extension['portNumber'] === undefined) {
    if (needsPort(extension) && port)
      edits.push({ op: 'add', path: EXTENSION, key: 'port', value: port, after: ['group', 'kind', 'name'] });
    return edits;
  }
  const path = [...EXTENSION, 'portNumber'];
  edits.push({ op: 'rename', path, key: 'port' }, { op: 'wrap', path, shape: ['number'] });
  const number = port?.number as number | undefined;
  if (number !== undefined && number !== extension['portNumber'])
    edits.push({ op: 'set', path, value: number });
  return edits;
}

// v1 requires a port where the endpoint picker is a Service, which it is by default. A patch names no endpoint picker.
function needsPort(extension: Record<string, unknown>): boolean {
  return extension['name'] !== undefined && (extension['kind'] ?? 'Service') === 'Service';
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function v1Spec(alpha: KubeObject, pool: KubeObject): { spec: unknown; findings: Finding[] } {
  if (alpha['spec'] === undefined) return { spec: undefined, findings: [] };
  const given: unknown[] = [alpha['spec'], alpha['spec']?.extensionRef ?? {}];
  if (!given.every(isMap)) throw new NotEditable('its spec is not a mapping');
  const { selector, targetPortNumber, extensionRef, ...others } = alpha['spec'];
  if ('targetPorts' in others || 'endpointPickerRef' in others)
    throw new NotEditable('it mixes fields of v1alpha2 and v1');
  const spec: Record<string, unknown> = { ...others };
  if (selector !== undefined) spec['selector'] = { matchLabels: selector };
  if (targetPortNumber !== undefined) spec['targetPorts'] = [{ number: targetPortNumber }];
  if (extensionRef !== undefined) {
    const { portNumber, ...kept } = extensionRef;
    const wanted = pool['spec'].endpointPickerRef;
    spec['endpointPickerRef'] = {
      ...kept,
      ...(kept.name === undefined ? {} : { name: wanted.name }),
      ...(portNumber !== undefined || needsPort(kept) ? { port: wanted.port ?? { number: portNumber } } : {}),
    };
  }
  const differs = ['selector', 'targetPorts'].find(
    (field) => spec[field] !== undefined && canonicalJson(spec[field]) !== canonicalJson(pool['spec'][field]),
  );
  return { spec, findings: differs ? [differing(alpha, pool, differs, spec[differs])] : [] };
}

function differing(alpha: KubeObject, pool: KubeObject, field: string, own: unknown): Finding {
  return {
    id: 'v1-pool-differs-from-manifest',
    severity: 'warning',
    ref: refOf(alpha),
    field: `spec.${field}`,
    message: `The manifest says ${JSON.stringify(own)}, the v1 pool "${pool.metadata.name}" ${JSON.stringify(pool['spec'][field])}; what the manifest says was kept.`,
    hint: 'Where another manifest has the same name (an overlay, say) this is as it should be. Else make the two agree.',
  };
}
