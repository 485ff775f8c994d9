// How long it takes until a program that asks no server says something.
import type { Bench } from './bench.ts';

export const start: Bench = {
  name: 'start',
  what: 'starting, without a server',
  prepare: ({ binary }) =>
    Promise.resolve({
      contenders: [
        { name: '`kubectl version --client`', commands: [['kubectl', 'version', '--client']] },
        { name: '`kubectl-infpool version --client`', commands: [[binary, 'version', '--client']] },
        { name: '`kubectl-infpool --help`', commands: [[binary, '--help']] },
        {
          name: '`kubectl infpool version --client`',
          commands: [['kubectl', 'infpool', 'version', '--client']],
        },
      ],
      conditions: 'nothing is asked of a server',
    }),
};
