import type { Finding } from '../../api/finding.ts';
import { groupOf, ALPHA_GROUP, ALPHA_POOL, MODEL } from '../../api/resource.ts';

const NAMES = /(^|[/\\])(kustomization\.ya?ml|Kustomization)$/;
const KINDS: readonly unknown[] = [ALPHA_POOL.kind, MODEL.kind];

/** True for what kustomize takes as a kustomization: by its kind (Flux has one, too), or by its file's name alone. */
export function isKustomization(file: string, value: unknown): value is Record<string, unknown> {
  if (!isMap(value)) return false;
  return value['kind'] === 'Kustomization' || (value['kind'] === undefined && NAMES.test(file));
}

/**
 * What of a kustomization speaks of alpha objects by kind or group. None of it is changed: what a patch or a
 * replacement does to an object depends on fields that are others in v1.
 */
export function kustomizationFindings(file: string, kustomization: Record<string, unknown>): Finding[] {
  // Flux' Kustomization has the same fields, under spec.
  const inner = isMap(kustomization['spec']) ? { ...kustomization['spec'] } : {};
  return ['', 'spec.'].flatMap((prefix) => within(file, prefix === '' ? kustomization : inner, prefix));
}

function within(file: string, fields: Record<string, unknown>, prefix: string): Finding[] {
  const found: Finding[] = [];
  for (const field of [
    'patches',
    'patchesJson6902',
    'patchesStrategicMerge',
    'replacements',
    'configurations',
  ])
    for (const [index, entry] of (Array.isArray(fields[field]) ? fields[field] : []).entries())
      if (speaksOfAlpha(entry)) found.push(finding(file, `${prefix}${field}[${index}]`, field));
  return found;
}

function speaksOfAlpha(entry: unknown): boolean {
  if (typeof entry === 'string') return entry.includes(ALPHA_GROUP) && namesKind(entry);
  if (!isMap(entry)) return false;
  if (typeof entry['patch'] === 'string' && speaksOfAlpha(entry['patch'])) return true;
  const selectors: unknown[] = [entry['target'], entry['source']];
  for (const target of Array.isArray(entry['targets']) ? entry['targets'] : [])
    if (isMap(target)) selectors.push(target['select']);
  return selectors.some(selectsAlpha);
}

// A selector without a group takes objects of every group.
function selectsAlpha(selector: unknown): boolean {
  if (!isMap(selector) || !KINDS.includes(selector['kind'])) return false;
  const group = selector['group'] ?? groupOf(String(selector['apiVersion'] ?? ''));
  return group === ALPHA_GROUP || group === '';
}

function namesKind(text: string): boolean {
  return KINDS.some((kind) => text.includes(String(kind)));
}

function finding(file: string, field: string, list: string): Finding {
  return {
    id: 'kustomize-patch-on-alpha',
    severity: 'warning',
    ref: null,
    field,
    message: `${file}: ${field} selects objects of v1alpha2. In v1 they have another group, other fields and other names, so it would match nothing, or fail.`,
    hint: `Change ${list} by hand: group inference.networking.k8s.io for InferencePools (selector.matchLabels, targetPorts[0].number, endpointPickerRef), kind InferenceObjective for InferenceModels; then look at: kustomize build`,
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
