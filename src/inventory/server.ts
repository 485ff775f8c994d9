import type { ServerEntry } from '../api/inventory.ts';
import type { ServerVersion } from '../api/read.ts';

// From this version on GKE installs the v1 InferencePool CRD itself. Source: Google's guide "Migrate from v1alpha2 to v1".
const GATE = [1, 34, 0, 1626000] as const;

/** What the version gate needs to know. A version that isn't GKE's has no gate; a GKE one without a build number has 0. */
export function serverEntry(version: ServerVersion): ServerEntry {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)\b.*?-gke\b(?:\.(\d+))?/.exec(version.gitVersion);
  if (!parts) return { gitVersion: version.gitVersion, gke: false, gkeOwnsV1PoolCrd: false };
  const found = parts.slice(1, 5).map((part) => Number(part ?? 0));
  return { gitVersion: version.gitVersion, gke: true, gkeOwnsV1PoolCrd: atLeast(found, GATE) };
}

function atLeast(found: readonly number[], wanted: readonly number[]): boolean {
  for (const [index, number] of wanted.entries()) {
    const other = found[index] ?? 0;
    if (other !== number) return other > number;
  }
  return true;
}
