import type { Finding } from '../api/finding.ts';
import type { CrdEntry, ServerEntry } from '../api/inventory.ts';
import { ALPHA_POOL, OBJECTIVE, qualifiedName, REWRITE, V1_POOL } from '../api/resource.ts';
import { compareVersions, type Release } from './releases.ts';

export interface CrdDecision {
  readonly name: string;
  readonly action: 'install' | 'update' | 'keep';
  readonly reason: string;
}

/**
 * The version gate: which CRDs of a release this cluster needs. GKE before 1.34.0-gke.1626000 and every other cluster
 * gets all of the release's; from that version on GKE owns the v1 pool CRD, and only what it doesn't bring is applied.
 */
export function decideCrds(
  release: Release,
  server: ServerEntry | null,
  installed: readonly CrdEntry[],
): { decisions: CrdDecision[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const gkeOwns = server?.gkeOwnsV1PoolCrd ?? false;
  const own = [qualifiedName(OBJECTIVE), ...(release.rewrites ? [qualifiedName(REWRITE)] : [])];
  const names = gkeOwns ? own : release.crds;
  const entryOf = (name: string) => installed.find((crd) => crd.name === name);

  const decisions = names.map((name) => decide(name, release, entryOf(name)));
  if (gkeOwns) {
    const v1 = entryOf(qualifiedName(V1_POOL));
    decisions.push({
      name: qualifiedName(V1_POOL),
      action: 'keep',
      reason: `GKE ${server?.gitVersion} brings it and looks after it`,
    });
    if (v1?.state === 'absent')
      findings.push({
        id: 'gke-crd-missing',
        severity: 'error',
        ref: null,
        field: qualifiedName(V1_POOL),
        message: `GKE ${server?.gitVersion} should have brought this CRD, but it is not there. It must not be applied by hand on this version.`,
        hint: 'Check that Gateway API is enabled on the cluster: gcloud container clusters describe CLUSTER --format="value(networkConfig.gatewayApiConfig.channel)"',
      });
  }
  if (!server)
    findings.push({
      id: 'server-version-unread',
      severity: 'error',
      ref: null,
      field: qualifiedName(V1_POOL),
      message: "The server's version could not be read, so it is not known whether GKE owns this CRD.",
      hint: 'Look at it: kubectl get --raw /version',
    });
  for (const name of names) {
    const entry = entryOf(name);
    if (entry && entry.state !== 'installed' && entry.state !== 'absent')
      findings.push({
        id: 'crd-unread',
        severity: 'error',
        ref: null,
        field: name,
        message: 'It could not be read, so it is not known whether it has to be installed.',
        hint: 'Allow "get" on customresourcedefinitions.apiextensions.k8s.io for your user.',
      });
  }
  return { decisions, findings };
}

function decide(name: string, release: Release, entry: CrdEntry | undefined): CrdDecision {
  if (entry && entry.state !== 'installed' && entry.state !== 'absent')
    return { name, action: 'keep', reason: 'not known: it could not be read' };
  if (entry?.state !== 'installed') {
    // Nobody who starts afresh needs the alpha pool; bringing it would make every "inferencepools" ambiguous.
    if (name === qualifiedName(ALPHA_POOL))
      return { name, action: 'keep', reason: 'not installed, and not needed for v1' };
    return { name, action: 'install', reason: `not installed; release ${release.version} brings it` };
  }
  const bundle = entry.bundleVersion;
  if (bundle === null)
    return { name, action: 'update', reason: `installed from a v0.x release; ${release.version} is newer` };
  const order = compareVersions(bundle, release.version);
  if (order === 0) return { name, action: 'keep', reason: `already of ${bundle}` };
  if (order > 0)
    return { name, action: 'keep', reason: `already of ${bundle}, which is newer than ${release.version}` };
  return { name, action: 'update', reason: `of ${bundle}; ${release.version} is newer` };
}
