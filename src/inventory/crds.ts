import type { CrdEntry } from '../api/inventory.ts';
import { BUNDLE_VERSION_ANNOTATION } from '../api/names.ts';
import type { GetRead } from '../api/read.ts';

export function crdEntries(crds: ReadonlyMap<string, GetRead>): CrdEntry[] {
  return [...crds].map(([name, read]) => {
    if (read.state === 'ok')
      return {
        name,
        state: 'installed',
        bundleVersion: read.object.metadata.annotations?.[BUNDLE_VERSION_ANNOTATION] ?? null,
      };
    return { name, state: read.state, bundleVersion: null };
  });
}
