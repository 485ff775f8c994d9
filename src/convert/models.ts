import type { Finding } from '../api/finding.ts';
import { MODEL_REWRITE_HEADER, OBJECTIVE_HEADER } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import { apiVersionOf, OBJECTIVE, REWRITE, V1_GROUP } from '../api/resource.ts';
import { carriedMetadata } from './metadata.ts';
import { FIRST_RELEASE_WITH_REWRITES, type Release } from './releases.ts';

export type Criticality = 'Critical' | 'Standard' | 'Sheddable';
/** `Standard` also stands for an unset criticality. */
export type PriorityMap = Readonly<Record<Criticality, number>>;

/** Upstream publishes no mapping. From 0 on a request passes when the pool is saturated, below it is shed. */
export const DEFAULT_PRIORITIES: PriorityMap = { Critical: 2, Standard: 0, Sheddable: -1 };

interface TargetModel {
  name: string;
  weight?: number;
}

interface ModelSpec {
  modelName?: string;
  criticality?: Criticality;
  targetModels?: TargetModel[];
}

const poolRef = (name: string) => ({ group: V1_GROUP, kind: 'InferencePool', name });

/** The InferenceObjective for an InferenceModel, and, where the release reads them, the rewrite for its targetModels. */
export function convertModel(
  model: KubeObject,
  poolName: string,
  priorities: PriorityMap,
  release: Release,
): { objects: KubeObject[]; findings: Finding[] } {
  const spec = (model['spec'] ?? {}) as ModelSpec;
  const priority = priorities[spec.criticality ?? 'Standard'] ?? priorities.Standard;
  const objective: KubeObject = {
    apiVersion: apiVersionOf(OBJECTIVE),
    kind: OBJECTIVE.kind,
    metadata: carriedMetadata(model.metadata, model.metadata.name),
    spec: { priority, poolRef: poolRef(poolName) },
  };
  const renames = renamesOf(spec);
  // A rewrite matches a name; v1alpha2 allowed an empty one, which no request has.
  const rewrites = renames && release.rewrites && spec.modelName !== '';
  const objects = rewrites ? [objective, rewriteFor(model, spec, poolName)] : [objective];
  return { objects, findings: modelFindings(model, spec, priority, renames, release) };
}

/** True where a request leaves the alpha endpoint picker under another model name than it came with. */
function renamesOf(spec: ModelSpec): boolean {
  return (spec.targetModels ?? []).some((target) => target.name !== spec.modelName);
}

function rewriteFor(model: KubeObject, spec: ModelSpec, poolName: string): KubeObject {
  const targets = (spec.targetModels ?? []).map((target) => ({
    modelRewrite: target.name,
    ...(target.weight === undefined ? {} : { weight: target.weight }),
  }));
  return {
    apiVersion: apiVersionOf(REWRITE),
    kind: REWRITE.kind,
    metadata: carriedMetadata(model.metadata, model.metadata.name),
    spec: {
      poolRef: poolRef(poolName),
      rules: [{ matches: [{ model: { type: 'Exact', value: spec.modelName } }], targets }],
    },
  };
}

function modelFindings(
  model: KubeObject,
  spec: ModelSpec,
  priority: number,
  renames: boolean,
  release: Release,
): Finding[] {
  const ref = refOf(model);
  const findings: Finding[] = [];
  if (spec.criticality !== undefined && !Object.hasOwn(DEFAULT_PRIORITIES, spec.criticality))
    findings.push({
      id: 'criticality-unknown',
      severity: 'warning',
      ref,
      field: 'spec.criticality',
      message: `"${spec.criticality}" is not a criticality that v1alpha2 knows; it is taken for Standard.`,
      hint: `There are: ${Object.keys(DEFAULT_PRIORITIES).join(', ')}`,
    });
  if (renames && !release.rewrites) {
    const targets = (spec.targetModels ?? []).map((target) => target.name).join(', ');
    findings.push({
      id: 'target-models-lost',
      severity: 'error',
      ref,
      field: 'spec.targetModels',
      message: `Requests for "${spec.modelName}" are sent on as "${targets}" today. Nothing does that with ${release.version}: they would reach the model servers as "${spec.modelName}" and get 404 unless a server knows that name.`,
      hint: `Take --release ${FIRST_RELEASE_WITH_REWRITES} or later (an InferenceModelRewrite is made then), or set the header ${MODEL_REWRITE_HEADER} on a route of its own, or serve the adapter as "${spec.modelName}".`,
    });
  }
  if (priority !== 0)
    findings.push({
      id: 'objective-header',
      severity: 'warning',
      ref,
      field: 'spec.criticality',
      message: `Its priority ${priority} holds only for requests with the header "${OBJECTIVE_HEADER}: ${ref.name}". v1 does not go by the model's name; without the header the priority is 0.`,
      hint: 'Let clients send the header; or --objective-header sets it on the rules that carry this model only.',
    });
  if (spec.criticality !== 'Critical' && spec.criticality !== 'Sheddable' && priority >= 0)
    findings.push({
      id: 'standard-was-sheddable',
      severity: 'info',
      ref,
      field: 'spec.criticality',
      message: `Requests with criticality ${spec.criticality === undefined ? 'unset' : 'Standard'} were dropped (429) while the pool was saturated; with priority ${priority} they pass.`,
      hint: 'To keep shedding them: --priority Standard=-1.',
    });
  return findings;
}
