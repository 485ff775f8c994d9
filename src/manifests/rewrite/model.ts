import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import { OBJECTIVE } from '../../api/resource.ts';
import { gone, unchanged, type Change } from './change.ts';
import type { Edit } from './edits.ts';
import { withoutServerMade } from './metadata.ts';
import type { Targets } from './targets.ts';

const GONE_FIELDS = ['modelName', 'criticality', 'targetModels'];

/**
 * An InferenceModel as the InferenceObjective that it becomes. The priority stands where the criticality stood, with
 * the comments of that line (they say why); where none was written, in the place of the modelName.
 */
export function modelChange(model: KubeObject, targets: Targets): Change {
  const becomes = targets.model(model);
  const objective = becomes?.find(({ kind }) => kind === OBJECTIVE.kind);
  if (!becomes || !objective) return unchanged(model);
  const spec = model['spec'] ?? {};
  if (spec.modelName === undefined || spec.poolRef === undefined) return partial(model);
  const added = becomes.filter((object) => object !== objective && !targets.has(object));
  if (targets.has(objective)) return gone(model, objective, added);

  const { object, edits } = withoutServerMade(model);
  const { priority, poolRef } = objective['spec'];
  const kept = Object.fromEntries(Object.entries(spec).filter(([key]) => !GONE_FIELDS.includes(key)));
  return {
    edits: [
      ...edits,
      ...kindEdits(model, objective),
      ...specEdits(spec, priority),
      ...poolRefEdits(spec, poolRef),
    ],
    intended: {
      ...object,
      apiVersion: objective.apiVersion,
      kind: objective.kind,
      spec: { ...kept, priority, poolRef: { ...spec.poolRef, group: poolRef.group, name: poolRef.name } },
    },
    added,
    findings: [],
  };
}

function kindEdits(model: KubeObject, objective: KubeObject): Edit[] {
  const edits: Edit[] = [{ op: 'set', path: ['kind'], value: objective.kind }];
  if (model.apiVersion !== objective.apiVersion)
    edits.push({ op: 'set', path: ['apiVersion'], value: objective.apiVersion });
  return edits;
}

function specEdits(spec: Record<string, unknown>, priority: number): Edit[] {
  const edits: Edit[] = [];
  const path = ['spec', 'criticality'];
  if (spec['criticality'] === undefined)
    edits.push({ op: 'replace', path: ['spec', 'modelName'], key: 'priority', value: priority });
  else
    edits.push(
      { op: 'rename', path, key: 'priority' },
      { op: 'set', path, value: priority },
      { op: 'remove', path: ['spec', 'modelName'] },
    );
  if (spec['targetModels'] !== undefined) edits.push({ op: 'remove', path: ['spec', 'targetModels'] });
  return edits;
}

function poolRefEdits(spec: Record<string, unknown>, wanted: { group: string; name: string }): Edit[] {
  const path = ['spec', 'poolRef'];
  const written = (spec['poolRef'] as { group?: string }).group !== undefined;
  return [
    written
      ? { op: 'set', path: [...path, 'group'], value: wanted.group }
      : { op: 'add', path, key: 'group', value: wanted.group, after: [] },
    { op: 'set', path: [...path, 'name'], value: wanted.name },
  ];
}

// A patch of some fields: the priority for its criticality is not known from the model that it patches.
function partial(model: KubeObject): Change {
  return unchanged(model, [
    {
      id: 'kustomize-patch-on-alpha',
      severity: 'warning',
      ref: refOf(model),
      field: 'spec',
      message:
        'It has no modelName or no poolRef, so it seems to be a patch of an InferenceModel, which will be an InferenceObjective. It was left as it is, and would match nothing.',
      hint: 'Make it a patch of the InferenceObjective of that name by hand: kind: InferenceObjective, and priority instead of criticality.',
    },
  ]);
}
