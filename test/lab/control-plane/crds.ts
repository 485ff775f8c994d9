import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeError, parseManifests, type Json, type Kube, type KubeObject } from '../kube.ts';
import { crdFiles } from '../parts/modules.ts';
import type { GieVersion } from '../parts/versions.ts';

/** Upstream's CRDs, as its release installs them. */
export type CrdSet = 'gateway-api' | `gie-${GieVersion}`;

const TIMEOUT_SECONDS = 30;

/** Installs the sets in order (a later release replaces an earlier one's CRDs); returns once all are served. */
export async function installCrds(kube: Kube, sets: readonly CrdSet[]): Promise<void> {
  const byName = new Map<string, KubeObject>();
  for (const set of sets) {
    for (const crd of await crdsOf(set)) byName.set(crd.metadata.name, crd);
  }
  await Promise.all([...byName.values()].map((crd) => install(kube, crd)));
}

/** The CRDs of a set, as they are in the release. */
export async function crdsOf(set: CrdSet): Promise<KubeObject[]> {
  const files =
    set === 'gateway-api' ? await crdFiles(set) : await crdFiles('gie', set.slice(4) as GieVersion);
  return files.flatMap((file) => parseManifests(readFileSync(file, 'utf8')));
}

/** Applies one CRD and waits until lists of every served version are answered, and discovery knows it. */
export async function install(kube: Kube, crd: KubeObject): Promise<void> {
  await kube.apply(crd);
  const { group, names, versions } = crd['spec'] as Json;
  for (const { name, served } of versions) {
    if (!served) continue;
    // Established comes a moment before requests are answered, so requests are what is waited for.
    await until(kube, `/apis/${group}/${name}/${names.plural}?limit=1`, {}, () => true);
    // kubectl and helm ask the aggregated discovery, which learns of a new kind last.
    const isListed = ({ items }: Json) =>
      items
        .find((item: Json) => item.metadata.name === group)
        ?.versions.find((version: Json) => version.version === name)
        ?.resources.some((resource: Json) => resource.resource === names.plural);
    await until(kube, '/apis', aggregated, isListed);
  }
}

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

async function until(
  kube: Kube,
  path: string,
  headers: Record<string, string>,
  isSo: (answer: Json) => boolean,
): Promise<void> {
  const end = Date.now() + TIMEOUT_SECONDS * 1000;
  for (;;) {
    try {
      if (isSo(await kube.request('GET', path, undefined, headers))) return;
    } catch (error) {
      if (!(error instanceof KubeError) || ![404, 429, 503].includes(error.status)) throw error;
    }
    if (Date.now() > end) throw new Error(`waited ${TIMEOUT_SECONDS} s for GET ${path}`);
    await sleep(25);
  }
}
