// "Is a migration needed?": the manual's two lists, one after the other, against our one command.
import type { Bench } from './bench.ts';
import { fill } from './cluster.ts';

const size = { namespaces: 10, pools: 100, models: 500, routes: 100 };

export const detect: Bench = {
  name: 'detect',
  what: "the manual's two lists in all namespaces against one detect",
  async prepare({ lab, binary }) {
    await fill(lab, size);
    const list = (kind: string) => [
      'kubectl',
      'get',
      `${kind}.inference.networking.x-k8s.io`,
      '--all-namespaces',
    ];
    return {
      contenders: [
        { name: '`kubectl get` twice', commands: [list('inferencepools'), list('inferencemodels')] },
        { name: '`kubectl-infpool detect`', commands: [[binary, 'detect']] },
        { name: '`kubectl infpool detect`', commands: [['kubectl', 'infpool', 'detect']] },
      ],
      conditions: `${size.pools} pools, ${size.models} models and ${size.routes} routes in ${size.namespaces} namespaces`,
    };
  },
};
