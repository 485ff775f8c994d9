import type { KubeObject } from '../../api/object.ts';
import { MIGRATED_FROM_ANNOTATION } from '../../api/names.ts';
import { chartPolicies } from '../chartObjects.ts';
import type { CompanionOptions, CompanionPair, Companions, CompanionSources } from './companion.ts';
import { destinationRuleCompanions } from './destinationRules.ts';
import { grantCompanions } from './grants.ts';
import { policyCompanions } from './policies.ts';

/** A pool as `convert` made it. */
interface Unit {
  readonly alpha: KubeObject;
  readonly pool: KubeObject | null;
  readonly existing: KubeObject | null;
}

/** Everything beside pools and objectives that v1 needs, because something like it points at the alpha pools. */
export function companionsOf(
  units: readonly Unit[],
  sources: CompanionSources,
  options: CompanionOptions & { readonly epp: 'chart' | 'none' },
): Companions {
  const pairs = units.flatMap((unit): CompanionPair[] => {
    if (!unit.pool) return [];
    const byChart = options.epp === 'chart' && (!unit.existing || isFresh(unit.existing));
    const chartMakes = chartPolicies(options.release, options.provider, unit.pool);
    return [{ alpha: unit.alpha, v1: unit.pool, chartMakes, byChart }];
  });
  const policies = policyCompanions(pairs, sources.policies);
  const rules = destinationRuleCompanions(pairs, sources.destinationRules);
  return {
    companions: [...grantCompanions(pairs, sources.grants), ...policies.companions, ...rules.companions],
    findings: [...policies.findings, ...rules.findings],
  };
}

// Made by the chart and not marked by us yet: phase 1 was interrupted behind helm.
function isFresh({ metadata }: KubeObject): boolean {
  const annotations = metadata.annotations ?? {};
  return (
    annotations['meta.helm.sh/release-name'] === metadata.name &&
    annotations[MIGRATED_FROM_ANNOTATION] === undefined
  );
}
