import type { FindingPages, Source } from '../api/page.ts';
import { ENVOY_AI_GATEWAY, GKE_MIGRATION, ISTIO_TASK } from '../api/sources.ts';

const KSERVE: Source = {
  title: 'KServe: why its own migration dropped the weighted split',
  url: 'https://github.com/kserve/kserve/pull/5007',
};
const PAST = 'Nothing goes past it.';
const SWAP = '$ kubectl infpool split 100 -n NAMESPACE --strategy swap';

export const STRATEGY_PAGES = {
  'controller-serves-alpha-only': {
    title: "The Gateway's controller does not serve v1 pools",
    severity: ['error'],
    means:
      'Istio up to 1.27, Envoy AI Gateway 0.3 and kgateway 2.0 know the alpha group only. This Gateway is served by a controller of that kind.',
    known:
      "The Gateway's class names its controller; its version is told from its Deployment's image or its objects, as the finding says.",
    matters:
      'The controller marks a v1 backendRef ResolvedRefs=False, reason InvalidKind, and answers the requests of that share with 500.',
    cure: [
      'Upgrade the controller to a version that serves inference.networking.k8s.io. Most then no longer serve alpha pools: plan the swap for the same hour.',
      '$ kubectl infpool detect',
      SWAP,
      'Or set up a second Gateway whose controller serves v1, and move clients there.',
    ],
    past: PAST,
    sources: [ISTIO_TASK, ENVOY_AI_GATEWAY],
  },
  'controller-serves-v1-only': {
    title: "The Gateway's controller does not serve alpha pools",
    severity: ['error'],
    means:
      'Istio from 1.28 on, Envoy AI Gateway from 0.4 on and kgateway from 2.1 on know the v1 group only. A weighted split needs a controller that serves both.',
    known:
      "The Gateway's class names its controller; its version is told from its Deployment's image or its objects, as the finding says.",
    matters:
      'The alpha share of a split would be lost. If requests go to the alpha pool of this Gateway now, they probably fail already.',
    cure: [
      'Replace the pool in one step; the v1 reference is put in at weight 0 first where that is possible:',
      SWAP,
    ],
    past: PAST,
    sources: [ISTIO_TASK, ENVOY_AI_GATEWAY, KSERVE],
  },
  'controller-one-pool-per-rule': {
    title: "The Gateway's controller takes one InferencePool per rule",
    severity: ['error'],
    means: 'A weighted split names two pools in one rule, and this controller allows one.',
    known: "The Gateway's class names its controller.",
    matters:
      'It rejects the rule, or all of the configuration of the Gateway, so that other routes can be hit, too.',
    cure: ['Replace the pool in one step:', SWAP],
    past: '--force, for a version of the controller that you know can do it.',
    sources: [ENVOY_AI_GATEWAY, KSERVE],
  },
  'swap-is-all-or-nothing': {
    title: 'A swap has no share between 0 and 100 percent',
    severity: ['error'],
    means:
      'With --strategy swap (which is taken by itself where a weighted split cannot work) the alpha pool is replaced by the v1 pool in one patch.',
    known: 'The strategy, and the percent that was asked for.',
    matters: 'A share would be a weighted split, which this controller cannot do. Nothing is written.',
    cure: [
      'See that the v1 pool is ready, then move all of it; rollback moves all of it back:',
      '$ kubectl infpool verify POOL -n NAMESPACE',
      SWAP,
      '$ kubectl infpool rollback -n NAMESPACE',
    ],
    past: PAST,
    sources: [GKE_MIGRATION, KSERVE],
  },
} satisfies FindingPages;
