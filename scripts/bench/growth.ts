// Does detect grow with the cluster and no faster?
import { delimiter, dirname } from 'node:path';
import { startLab } from '../../test/lab/lab.ts';
import type { Trial } from './bench.ts';
import { fill } from './cluster.ts';
import { compare } from './measure.ts';
import { grid } from './table.ts';

const OBJECTS = [1000, 2000, 4000, 8000, 16_000];
const ROUNDS = 7;

export const growth: Trial = {
  name: 'growth',
  what: 'detect on clusters of 1,000 to 16,000 objects',
  async run(binary) {
    const rows: { objects: number; milliseconds: number; megabytes: number }[] = [];
    for (const objects of OBJECTS) {
      const lab = await startLab({ quiet: true, controllerManager: false });
      try {
        const part = objects / 10;
        await fill(lab, { namespaces: 20, pools: part * 2, routes: part * 2, models: part * 6 });
        const env = { ...process.env, ...lab.env, PATH: [dirname(binary), lab.env['PATH']].join(delimiter) };
        const [ours] = await compare([{ name: 'detect', commands: [[binary, 'detect']] }], {
          rounds: ROUNDS,
          env,
        });
        rows.push({ objects, milliseconds: ours!.milliseconds, megabytes: ours!.megabytes });
      } finally {
        await lab.down();
      }
    }
    const [first] = rows;
    const each = (value: number, objects: number) => value / objects;
    const against = (value: number, objects: number, of: number) =>
      (each(value, objects) / each(of, first!.objects)).toFixed(2);
    return {
      section: grid([
        ['objects', 'time (median)', 'per object, against the first', 'peak memory', 'per object'],
        ...rows.map(({ objects, milliseconds, megabytes }) => [
          objects.toLocaleString('en'),
          `${milliseconds.toFixed(0)} ms`,
          against(milliseconds, objects, first!.milliseconds),
          `${megabytes.toFixed(0)} MB`,
          against(megabytes, objects, first!.megabytes),
        ]),
      ]),
      conditions: `${ROUNDS} runs of each; of ten objects two are pools, two routes and six models`,
    };
  },
};
