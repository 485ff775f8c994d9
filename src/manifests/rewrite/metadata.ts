import type { KubeObject, ObjectMeta } from '../../api/object.ts';
import type { Edit, Path } from './edits.ts';

/** Written by an API server. On a new object some are refused (uid, resourceVersion), and none means anything. */
const SERVER_MADE = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'selfLink',
];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Takes out what somebody committed that only an API server writes: `status` and parts of the metadata. */
export function withoutServerMade(object: KubeObject): {
  object: KubeObject;
  edits: Edit[];
} {
  const { status, ...rest } = object;
  const metadata: Record<string, unknown> = { ...object.metadata };
  const paths: Path[] = status === undefined ? [] : [['status']];
  for (const field of SERVER_MADE) {
    if (!(field in metadata)) continue;
    delete metadata[field];
    paths.push(['metadata', field]);
  }
  const { [LAST_APPLIED]: applied, ...annotations } = object.metadata.annotations ?? {};
  if (applied !== undefined) {
    const empty = Object.keys(annotations).length === 0;
    if (empty) delete metadata['annotations'];
    else metadata['annotations'] = annotations;
    paths.push(['metadata', 'annotations', ...(empty ? [] : [LAST_APPLIED])]);
  }
  return {
    object: { ...rest, metadata: metadata as unknown as ObjectMeta } as KubeObject,
    edits: paths.map((path) => ({ op: 'remove', path })),
  };
}
