// The way of a whole world through our pure rooms, as the commands go it, and what a cluster makes of it.
import type { KubeObject } from '../../src/api/object.ts';
import type { Inventory } from '../../src/api/inventory.ts';
import type { Step } from '../../src/api/plan.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { UPSTREAM_CHART } from '../../src/convert/chart.ts';
import { chartPolicies } from '../../src/convert/chartObjects.ts';
import { convert, type Conversion, type ConvertOptions } from '../../src/convert/convert.ts';
import { DEFAULT_PRIORITIES } from '../../src/convert/models.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { phaseOneSteps } from '../../src/convert/steps.ts';
import { objectOf, objectsOf } from '../../src/inventory/build.ts';
import { defaultTargetName } from '../../src/inventory/pairs.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';
import { inventory } from '../support/snapshot.ts';

export type Choice = Pick<ConvertOptions, 'provider' | 'epp'> & { readonly release: string };

export interface Converted {
  readonly inventory: Inventory;
  readonly conversion: Conversion;
  readonly options: ConvertOptions;
}

/** As `convert` decides for all pools of all namespaces. */
export function converted(objects: readonly KubeObject[], choice: Choice): Converted {
  const all = inventory(objects);
  const options: ConvertOptions = {
    ...choice,
    release: releaseOf(choice.release),
    priorities: DEFAULT_PRIORITIES,
    chart: UPSTREAM_CHART,
    nameFor: ({ name }) => defaultTargetName(name),
  };
  const inputs = all.pools
    .filter(({ phase }) => phase !== 'Done')
    .map((entry) => ({
      alpha: objectOf(all, entry.ref)!,
      models: entry.models.flatMap((one) => objectOf(all, one) ?? []),
      existing: entry.v1 ? (objectOf(all, entry.v1) ?? null) : null,
    }));
  const around = {
    alphaPools: objectsOf(all, r.ALPHA_POOL),
    v1Pools: objectsOf(all, r.V1_POOL),
    beside: {
      grants: objectsOf(all, r.REFERENCE_GRANT),
      policies: [r.HEALTH_CHECK_POLICY, r.GCP_BACKEND_POLICY, r.GCP_TRAFFIC_POLICY].flatMap((kind) =>
        objectsOf(all, kind),
      ),
      destinationRules: objectsOf(all, r.DESTINATION_RULE),
    },
  };
  return { inventory: all, conversion: convert(inputs, around, options), options };
}

/** What phase 1 does, CRDs and waits left out. */
export function phaseOne({ conversion, inventory: all, options }: Converted): Step[] {
  const { steps } = phaseOneSteps(conversion, {
    crdManifests: new Map(),
    decisions: [],
    live: (one) => objectOf(all, refOf(one)),
    epp: options.epp,
    chart: options,
  });
  return steps.filter(({ action }) => action !== 'wait');
}

/** The cluster once these steps are done: an apply merges, a patch is what it says, and helm makes what the chart has. */
export function applied(objects: readonly KubeObject[], subject: Converted): KubeObject[] {
  const { conversion, options } = subject;
  const byKey = new Map(objects.map((one) => [refKey(refOf(one)), one]));
  const put = (one: KubeObject) => {
    const live = byKey.get(refKey(refOf(one)));
    byKey.set(refKey(refOf(one)), live ? (merged(live, one) as KubeObject) : one);
  };
  for (const step of phaseOne(subject)) {
    if (step.action === 'apply') put(step.manifest);
    else if (step.action === 'patch') byKey.set(refKey(step.ref), step.after);
    else if (step.action === 'helm') {
      const unit = conversion.units.find(({ pool }) => pool && refKey(refOf(pool)) === refKey(step.ref))!;
      put({ ...unit.pool!, metadata: helmMetadata(unit.pool!) });
      chartPolicies(options.release, options.provider, unit.pool!).forEach(put);
    } else throw new Error(`phase 1 has no ${step.action}`);
  }
  return [...byKey.values()];
}

function helmMetadata({ metadata }: KubeObject): KubeObject['metadata'] {
  const { annotations: _, ...rest } = metadata;
  return { ...rest, annotations: { 'meta.helm.sh/release-name': metadata.name } };
}

// Server-side apply, as far as it matters here: fields join, lists are replaced.
function merged(live: unknown, wanted: unknown): unknown {
  if (!isMap(live) || !isMap(wanted)) return wanted;
  const both = { ...live };
  for (const [key, value] of Object.entries(wanted)) both[key] = merged(live[key], value);
  return both;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function pairsOf({ pools }: Inventory): PoolPair[] {
  return pools.flatMap(({ ref, v1, phase }) => (v1 && phase !== 'Done' ? [{ alpha: ref, v1 }] : []));
}
