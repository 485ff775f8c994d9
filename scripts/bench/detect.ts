// "Is a migration needed?": the manual's two lists, one after the other, against our one command.
import type { Bench } from './bench.ts';
import { fill } from './cluster.ts';

export const SMALL = { namespaces: 10, pools: 100, models: 500, routes: 100 };

/** What the manual has people type. */
export function manual(): string[][] {
  return ['inferencepools', 'inferencemodels'].map((kind) => [
    'kubectl',
    'get',
    `${kind}.inference.networking.x-k8s.io`,
    '--all-namespaces',
  ]);
}

export const detect: Bench = {
  name: 'detect',
  what: "the manual's two lists in all namespaces against one detect",
  async prepare({ lab, binary }) {
    await fill(lab, SMALL);
    return {
      contenders: [
        { name: '`kubectl get` twice', commands: manual() },
        { name: '`kubectl-infpool detect`', commands: [[binary, 'detect']] },
        { name: '`kubectl infpool detect`', commands: [['kubectl', 'infpool', 'detect']] },
      ],
      conditions: `${SMALL.pools} pools, ${SMALL.models} models and ${SMALL.routes} routes in ${SMALL.namespaces} namespaces`,
    };
  },
};
