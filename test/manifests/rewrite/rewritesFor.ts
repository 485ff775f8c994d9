import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/api/object.ts';
import { refKey, refOf } from '../../../src/api/ref.ts';
import { UPSTREAM_CHART } from '../../../src/convert/chart.ts';
import { convert, type ConvertOptions } from '../../../src/convert/convert.ts';
import { DEFAULT_PRIORITIES } from '../../../src/convert/models.ts';
import { releaseOf } from '../../../src/convert/releases.ts';
import { defaultTargetName } from '../../../src/inventory/pairs.ts';
import { objectsIn as objectsOf } from '../../../src/manifests/rewrite/objects.ts';
import { rewritesOf, type Rewrites } from '../../../src/manifests/rewrite/rewrite.ts';

const options: ConvertOptions = {
  release: releaseOf('v1.3.1'),
  priorities: DEFAULT_PRIORITIES,
  provider: 'none',
  epp: 'none',
  chart: UPSTREAM_CHART,
  nameFor: ({ name }) => defaultTargetName(name),
};

/** The objects of the documents that can be read. */
export function objectsIn(text: string): KubeObject[] {
  return [...parseAllDocuments(text, { version: '1.1', merge: true })].flatMap((document) =>
    document.errors.length > 0 ? [] : objectsOf(document.toJS()),
  );
}

/** What a conversion makes of these objects, as `convert -f` would decide it. */
export function rewritesFor(objects: readonly KubeObject[], more: Partial<ConvertOptions> = {}): Rewrites {
  // The first of a name counts: a base, not the patches on it.
  const unique = [
    ...new Map(objects.map((object) => [refKey(refOf(object)), object] as const).toReversed()).values(),
  ].toReversed();
  const pools = unique.filter(({ kind }) => kind === 'InferencePool');
  const isAlpha = ({ apiVersion }: KubeObject) => apiVersion.startsWith('inference.networking.x-k8s.io/');
  const [alphaPools, v1Pools] = [pools.filter(isAlpha), pools.filter((pool) => !isAlpha(pool))];
  const models = unique.filter(({ kind }) => kind === 'InferenceModel');
  const inputs = alphaPools.map((alpha) => ({
    alpha,
    models: models.filter((model) => model['spec']?.poolRef?.name === alpha.metadata.name),
    existing:
      v1Pools.find(({ metadata }) => metadata.name === defaultTargetName(alpha.metadata.name)) ?? null,
  }));
  return rewritesOf(convert(inputs, { alphaPools, v1Pools }, { ...options, ...more }).units, models);
}
