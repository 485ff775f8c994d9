import type { Owner } from '../api/inventory.ts';
import type { JsonPatchOperation } from '../api/plan.ts';
import { refKey, refOf } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { helmInstallArgs } from '../convert/chart.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { runbook, type ScriptRoute } from '../report/script.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { patchStep } from '../traffic/patch.ts';
import { splitRoute } from '../traffic/split.ts';
import { decideStrategy } from '../traffic/strategy.ts';
import { eppRefOf } from '../verify/epp.ts';
import { gatewaysOf } from '../verify/verify.ts';
import type { Prepared } from './conversion.ts';
import { besideFor, tested } from './runbookBeside.ts';

const ALL_OR_NOTHING = "its Gateway's controller takes no share between 0 and 100 percent.";

/** The runbook of all three phases for what was prepared. */
export function runbookFor(prepared: Prepared, crdsFrom?: string): string {
  const { inventory, pools, conversion, options, chart, cluster } = prepared;
  const units = conversion.units.filter((unit) => unit.pool !== null);
  const pairs: PoolPair[] = units.map((unit) => ({ alpha: refOf(unit.alpha), v1: refOf(unit.pool!) }));
  const withHeaders = new Map(prepared.headers.map(({ route, after }) => [route, after]));
  const routes = objectsOf(inventory, HTTP_ROUTE).flatMap((live): ScriptRoute[] => {
    const route = withHeaders.get(live) ?? live;
    const ref = refOf(route);
    const gateways = gatewaysOf(route).flatMap(
      (one) => inventory.gateways.find((gateway) => refKey(gateway.ref) === refKey(one)) ?? [],
    );
    const { strategy, interlocks } = decideStrategy('auto', 100, gateways);
    const refused = interlocks.map(({ finding }) => `${finding.message} ${finding.hint}`).join(' ');
    if (strategy === 'swap') {
      const whole = splitRoute(route, pairs, pairs, 100);
      if (!whole.changed) return [];
      return [{ ref, allOrNothing: ALL_OR_NOTHING, refused, half: [], whole: patchOf(whole) }];
    }
    const half = splitRoute(route, pairs, pairs, 50);
    const whole = splitRoute(half.after, pairs, pairs, 100);
    if (!half.changed && !whole.changed) return [];
    return [{ ref, refused, half: patchOf(half), whole: patchOf(whole) }];
  });
  return runbook({
    release: options.release.version,
    server: cluster?.server ?? '',
    crdsFrom,
    gkeOwnsV1PoolCrd: inventory.server?.gkeOwnsV1PoolCrd ?? false,
    routes,
    beside: besideFor(prepared),
    pools: units.map((unit) => {
      const entry = pools.find((pool) => objectOf(inventory, pool.ref) === unit.alpha);
      return {
        alpha: refOf(unit.alpha),
        v1: refOf(unit.pool!),
        helmInstall: options.epp === 'chart' && !unit.existing ? helmInstallArgs(unit.pool!, chart) : null,
        objects: options.epp === 'chart' || unit.existing ? unit.others : [unit.pool!, ...unit.others],
        models: entry?.models ?? [],
        helmRelease: releaseOf(entry?.owner ?? null),
        epp: eppRefOf(unit.alpha).service,
        eppV1: eppRefOf(unit.pool!).service,
      };
    }),
  });
}

function patchOf(change: Parameters<typeof patchStep>[0]): readonly JsonPatchOperation[] {
  return tested(patchStep(change, '').patch, change.route);
}

function releaseOf(owner: Owner | null): { name: string; namespace: string } | null {
  return owner?.kind === 'Helm' ? { name: owner.name, namespace: owner.namespace } : null;
}
