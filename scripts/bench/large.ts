// A cluster as large as any that runs inference.
import type { Bench } from './bench.ts';
import { fill } from './cluster.ts';
import { manual } from './detect.ts';

const size = { namespaces: 50, pools: 2000, models: 10_000, routes: 2000 };

export const large: Bench = {
  name: 'large',
  what: 'the same on a large cluster',
  async prepare({ lab, binary }) {
    await fill(lab, size);
    return {
      contenders: [
        { name: '`kubectl get` twice', commands: manual() },
        { name: '`kubectl-infpool detect`', commands: [[binary, 'detect']] },
      ],
      conditions: `${size.pools} pools, ${size.models} models and ${size.routes} routes in ${size.namespaces} namespaces`,
    };
  },
};
