import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';

/**
 * InferenceModels of one pool with the same modelName: the alpha endpoint picker goes by the oldest and ignores the others
 * (GIE proposal 002, "oldest wins"), but all of them become objectives, which requests ask for by name.
 */
export function sharedNames(models: readonly KubeObject[]): Finding[] {
  const byName = Map.groupBy(models, (model) => String(model['spec']?.modelName ?? ''));
  return [...byName].flatMap(([modelName, sharing]) => {
    const [oldest, ...others] = sharing.toSorted((a, b) => compare(age(a), age(b)));
    return others.map((model) => ({
      id: 'model-name-shared',
      severity: 'warning' as const,
      ref: refOf(model),
      field: 'spec.modelName',
      message: `InferenceModel ${oldest!.metadata.name} of the same pool has the modelName "${modelName}" too and is older, so this one has no effect today. With v1 its objective has one: for requests that name it in their header.`,
      hint: `If it is left over: ${kubectl('delete', refOf(model))}`,
    }));
  });
}

// Of equal age the name decides: the same input gives the same findings.
function age({ metadata }: KubeObject): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
