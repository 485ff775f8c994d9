import type { ModelEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { compareRefs, ref, refOf } from '../api/ref.ts';
import { ALPHA_POOL, V1_GROUP, V1_POOL } from '../api/resource.ts';

/** The InferenceModels and the pool each one names; an unset group means the alpha one. */
export function modelEntries(models: readonly KubeObject[]): ModelEntry[] {
  return models
    .map((model) => {
      const spec = (model['spec'] ?? {}) as {
        modelName?: string;
        poolRef?: { group?: string; name?: string };
      };
      const resource = spec.poolRef?.group === V1_GROUP ? V1_POOL : ALPHA_POOL;
      return {
        ref: refOf(model),
        modelName: spec.modelName ?? '',
        pool: ref(resource, model.metadata.namespace ?? '', spec.poolRef?.name ?? ''),
      };
    })
    .sort((a, b) => compareRefs(a.ref, b.ref));
}
