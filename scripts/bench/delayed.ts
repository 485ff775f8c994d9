// The same as `detect` on a cluster that is not next door.
import type { Bench } from './bench.ts';
import { fill } from './cluster.ts';
import { delayed as delay } from './delay.ts';
import { manual, SMALL } from './detect.ts';

const MILLISECONDS = 50;

export const delayed: Bench = {
  name: 'delayed',
  what: `the same, ${MILLISECONDS} ms away`,
  async prepare({ lab, binary }) {
    await fill(lab, SMALL);
    const { address, stop } = await delay(lab.server, MILLISECONDS);
    process.once('exit', () => void stop());
    const at = `--server=${address}`;
    return {
      contenders: [
        { name: '`kubectl get` twice', commands: manual().map((command) => [...command, at]) },
        { name: '`kubectl-infpool detect`', commands: [[binary, 'detect', at]] },
        { name: '`kubectl infpool detect`', commands: [['kubectl', 'infpool', 'detect', at]] },
      ],
      conditions: `${SMALL.pools} pools, ${SMALL.models} models and ${SMALL.routes} routes in ${SMALL.namespaces} namespaces; each way takes ${MILLISECONDS} ms longer, by a proxy on loopback`,
      end: stop,
    };
  },
};
