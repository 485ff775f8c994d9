import { dump } from 'js-yaml';
import type { KubeObject } from '../api/object.ts';

/** One YAML document, without a marker. */
export function toYaml(value: unknown): string {
  return dump(value, { noRefs: true, lineWidth: -1 });
}

/** With keys in alphabetical order, as kubectl diff shows them: only what differs differs. */
export function toSortedYaml(value: unknown): string {
  return dump(value, { noRefs: true, lineWidth: -1, sortKeys: true });
}

/** A stream that `kubectl apply -f -` takes. */
export function toYamlStream(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${toYaml(ordered(object))}`).join('');
}

// apiVersion, kind and metadata first, as people write them.
function ordered(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  return { apiVersion, kind, metadata, ...rest };
}
