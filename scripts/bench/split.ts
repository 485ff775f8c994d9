// Weights on many routes: one command of ours against one `kubectl patch` a route.
import { delimiter, dirname } from 'node:path';
import { startLab } from '../../test/lab/lab.ts';
import type { Trial } from './bench.ts';
import { fill, v1Pools } from './cluster.ts';
import { measure, quantile } from './measure.ts';
import { grid } from './table.ts';

const size = { namespaces: 10, pools: 100, models: 0, routes: 500 };
const ROUNDS = 2;

export const split: Trial = {
  name: 'split',
  what: `weights on ${size.routes} routes`,
  async run(binary) {
    const lab = await startLab({ quiet: true, controllerManager: false });
    try {
      await fill(lab, size);
      await v1Pools(lab, size);
      const env = { ...process.env, ...lab.env, PATH: [dirname(binary), lab.env['PATH']].join(delimiter) };
      // Nothing runs behind these pools, and kubectl waits for nothing either.
      const flags = ['-A', '--yes', '--force', '--no-wait'];
      const ours = (percent: number) => [[binary, 'split', String(percent), ...flags]];
      const patches = (weight: number) =>
        Array.from({ length: size.routes }, (_, index) => [
          'kubectl',
          'patch',
          '--namespace',
          `team-${index % size.namespaces}`,
          `httproutes.gateway.networking.k8s.io/route-${index}`,
          '--type=json',
          `--patch=${JSON.stringify([{ op: 'replace', path: '/spec/rules/0/backendRefs', value: refs(index, weight) }])}`,
        ]);
      const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
      for (let round = 0; round < ROUNDS; round++) {
        times.ours.push((await measure(ours(50), env)).seconds);
        await measure([[binary, 'rollback', '-A', '--yes', '--force']], env);
        times.theirs.push((await measure(patches(50), env)).seconds);
        await measure(patches(100), env); // all to alpha again
      }
      const median = (values: number[]) =>
        quantile(
          values.toSorted((a, b) => a - b),
          0.5,
        );
      const [us, them] = [median(times.ours), median(times.theirs)];
      return {
        section: grid([
          ['command', 'time (median)', 'ratio'],
          [`\`kubectl patch\`, ${size.routes} times`, `${them.toFixed(1)} s`, '1.00'],
          ['`kubectl-infpool split 50`', `${us.toFixed(1)} s`, (us / them).toFixed(3)],
        ]),
        conditions: `${size.routes} routes of ${size.pools} pools in ${size.namespaces} namespaces, each with one rule; ${ROUNDS} runs of each, in turn; ours with ${flags.join(' ')}`,
      };
    } finally {
      await lab.down();
    }
  },
};

function refs(index: number, weight: number): unknown[] {
  const name = `pool-${index % size.pools}`;
  const to = (group: string, pool: string, share: number) => ({
    group,
    kind: 'InferencePool',
    name: pool,
    weight: share,
  });
  const alpha = to('inference.networking.x-k8s.io', name, weight);
  return weight === 100 ? [alpha] : [alpha, to('inference.networking.k8s.io', `${name}-ga`, 100 - weight)];
}
