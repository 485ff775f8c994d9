import type { FindingId } from '../api/ids.ts';
import type { GatewayEntry } from '../api/inventory.ts';
import type { Interlock } from '../api/interlock.ts';

/** `weighted`: both pools side by side by weight. `swap`: the v1 pool pre-warmed at weight 0, then put in the alpha one's place. */
export type Strategy = 'weighted' | 'swap';

export interface StrategyDecision {
  readonly strategy: Strategy;
  readonly interlocks: readonly Interlock[];
  /** False where the v1 pool must not be named beside the alpha one even at weight 0. */
  readonly prewarm: boolean;
}

/**
 * How traffic can move on these Gateways. A weighted split needs a controller that serves both groups; one that serves v1
 * only can be swapped to at 100 percent; one that serves alpha only can't be moved to at all. One that nothing is known
 * of is tried: the pre-warmed weight-0 ref shows whether it resolves both.
 */
export function decideStrategy(
  asked: Strategy | 'auto',
  percent: number,
  gateways: readonly GatewayEntry[],
): StrategyDecision {
  const alphaOnly = gateways.filter((gateway) => gateway.serves === 'alpha');
  const v1Only = gateways.filter((gateway) => gateway.serves === 'v1');
  const single = gateways.filter((gateway) => gateway.onePoolPerRule);
  const prewarm = single.length === 0;
  const strategy: Strategy =
    asked === 'auto' ? (v1Only.length + single.length > 0 ? 'swap' : 'weighted') : asked;
  if (percent === 0) return { strategy: 'weighted', interlocks: [], prewarm };
  const interlocks = alphaOnly.map((gateway) =>
    refusal(
      gateway,
      'controller-serves-alpha-only',
      `Its controller (${gateway.controller}) serves alpha pools only: ${gateway.evidence}. Requests sent to a v1 pool would fail.`,
      'Upgrade the controller to a version that serves inference.networking.k8s.io first, or set up a second Gateway whose controller does and move clients there.',
    ),
  );
  if (strategy === 'weighted')
    interlocks.push(
      ...single.map((gateway) => ({
        ...refusal(
          gateway,
          'controller-one-pool-per-rule',
          `Its controller (${gateway.controller}) takes one InferencePool per rule; with two in one it rejects the rule, or all of the Gateway's configuration.`,
          'Replace the pool in one step: kubectl infpool split 100 --strategy swap. That gives up the gradual shift, and the v1 pool is not warmed up first.',
        ),
        forceable: true,
      })),
      ...v1Only.map((gateway) =>
        refusal(
          gateway,
          'controller-serves-v1-only',
          `Its controller (${gateway.controller}) serves v1 pools only: ${gateway.evidence}. A weighted split would lose the alpha share of the requests.`,
          `Replace the pool in one step: kubectl infpool split 100 --strategy swap. That gives up the gradual shift: all requests move at once.`,
        ),
      ),
    );
  else if (percent !== 100)
    interlocks.push(
      ...(v1Only.length > 0 ? v1Only : single.length > 0 ? single : gateways.slice(0, 1)).map((gateway) =>
        refusal(
          gateway,
          'swap-is-all-or-nothing',
          `${v1Only.length > 0 ? `Its controller (${gateway.controller}) serves v1 pools only (${gateway.evidence}), so` : 'With --strategy swap'} there is no share between 0 and 100 percent.`,
          'Move all of it in one step: kubectl infpool split 100 --strategy swap',
        ),
      ),
    );
  return { strategy, interlocks, prewarm };
}

function refusal(gateway: GatewayEntry, id: FindingId, message: string, hint: string): Interlock {
  return { forceable: false, finding: { id, severity: 'error', ref: gateway.ref, field: '', message, hint } };
}
