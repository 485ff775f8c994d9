// "Without downtime", measured: migrate under load on Envoy and real endpoint pickers, and what it costs when
// the v1 endpoint picker dies at half of the traffic.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError, startLab } from '../../test/lab/lab.ts';
import { startLoad, type Load, type LoadReport } from '../../test/lab/load/load.ts';
import { timeline } from '../../test/lab/load/print.ts';
import { chartDir, crdFiles } from '../../test/lab/parts/modules.ts';
import { startPlayers, type Players } from '../../test/lab/scenarios/players.ts';
import { preview } from '../../test/lab/scenarios/preview.ts';
import { follow, seenAt, v1Percent, type Held } from '../demo/follow.ts';
import type { Trial } from './bench.ts';
import { grid } from './table.ts';

const RATE = 100;
const MODEL = 'food-review';
const RUNS = 5;
const STEPS = [10, 50, 100];
/** The pool, its models and the load are as in a `kubectl infpool migrate` of a namespace of its own. */
const namespace = 'mine';
const names = { release: 'mine-preview', app: 'mine-vllm' };

export const live: Trial = {
  name: 'live',
  what: 'migrate under load, on Envoy and real endpoint pickers',
  async run(binary) {
    const rows: string[][] = [];
    for (let run = 1; run <= RUNS; run++) rows.push([String(run), ...(await whole(binary))]);
    const killed = [
      await killedAtHalf(binary, 'killed once, restarted at once', false),
      await killedAtHalf(binary, 'killed and not restarted', true),
    ];
    const heads = [
      'run',
      'requests',
      'failed',
      'broken streams',
      ...STEPS.map((n) => `on v1 at ${n} %`),
      'took',
    ];
    const killHeads = [
      'v1 endpoint picker at 50 %',
      'requests',
      'lost',
      'of them',
      'route back after',
      'exit code',
    ];
    return {
      section: [
        grid([heads, ...rows]),
        'The endpoint picker of the v1 pool killed while v1 has 50 percent:',
        grid([killHeads, ...killed]),
      ].join('\n\n'),
      conditions: `${RATE} requests a second for one model, half of them streamed, a tenth on connections of their own; three model servers that answer within some 20 ms; Envoy 1.40.0, endpoint pickers v0.3.0 and v1.0.1; \`migrate --steps 10,50,100 --interval 5s --cleanup --crds --helm-uninstall\`, and \`--steps 50,100 --interval 30s\` for the kills; a fresh cluster for each run`,
    };
  },
};

interface Site {
  players: Players;
  load: Load;
  percent(): Promise<number>;
  /** What the route said all the while. */
  followed(work: Promise<unknown>): Promise<Held[]>;
  /** Our binary's migrate, to its end. */
  migrate(...flags: string[]): Promise<{ code: number | null; stderr: string }>;
}

async function whole(binary: string): Promise<string[]> {
  return on(binary, async ({ load, followed, migrate }) => {
    const began = Date.now();
    const work = migrate(
      '--steps',
      STEPS.join(),
      '--interval',
      '5s',
      '--cleanup',
      '--crds',
      '--helm-uninstall',
    );
    const held = await followed(work);
    const { code, stderr } = await work;
    const seconds = (Date.now() - began) / 1000;
    const report = await load.stop();
    if (code !== 0) throw new LabError(`migrate ended with ${code}.\n${stderr}`);
    shown(report);
    const shares = STEPS.map((percent) => {
      const seen = seenAt(report, held, percent);
      return seen ? `${(100 * seen.v1Share).toFixed(1)} %` : '-';
    });
    const broken = report.problems['broken stream'] ?? 0;
    return [String(report.sent), String(report.failed), String(broken), ...shares, `${seconds.toFixed(1)} s`];
  });
}

async function killedAtHalf(binary: string, how: string, forGood: boolean): Promise<string[]> {
  return on(binary, async ({ players, load, percent, followed, migrate }) => {
    const work = migrate('--steps', '50,100', '--interval', '30s');
    const following = followed(work);
    while ((await percent()) !== 50) await sleep(50);
    await sleep(3000);
    load.mark('picker killed');
    const killedAt = Date.now() - load.startedAt;
    await players.pickers!.of(namespace, 'mine-ga-epp')[0]!.kill({ forGood });
    const { code } = await work;
    const held = await following;
    await sleep(2000); // traffic as before
    const report = await load.stop();
    shown(report);
    const back = held.find(({ percent: now, from }) => now === 0 && from > killedAt);
    const lost = Object.entries(report.problems).map(([problem, count]) => `${count} x ${problem}`);
    return [
      how,
      String(report.sent),
      String(report.failed),
      lost.join(', ') || '-',
      back ? `${((back.from - killedAt) / 1000).toFixed(1)} s` : 'never',
      String(code),
    ];
  });
}

/** A fresh lab with a preview stack under load; all of it ends, whatever happens. */
async function on<T>(binary: string, work: (site: Site) => Promise<T>): Promise<T> {
  const lab = await startLab({ quiet: true });
  const cwd = mkdtempSync(join(tmpdir(), 'infpool-bench-'));
  let players: Players | undefined;
  let load: Load | undefined;
  try {
    players = await startPlayers(lab.admin, { dataPlane: 'envoy' });
    const { url, route } = await preview(lab, { namespace, ...names, models: [MODEL], replicas: 3 });
    const watched = { kube: lab.admin, namespace, route };
    const crds = dirname((await crdFiles('gie', 'v1.0.0'))[0]!);
    const offline = ['--chart', await chartDir('v1.0.0'), '--crds-from', crds];
    load = await startLoad({ url, rate: RATE, models: [MODEL], streamShare: 0.5, maxSeconds: 200 });
    const going = load;
    return await work({
      players,
      load,
      percent: () => v1Percent(watched),
      followed: (what) => follow(watched, going, what),
      migrate: (...flags) =>
        ended(binary, ['migrate', '-n', namespace, '--yes', ...offline, ...flags], cwd, {
          ...process.env,
          ...lab.env,
        }),
    });
  } finally {
    await load?.stop();
    await players?.stop();
    await lab.down();
    rmSync(cwd, { recursive: true, force: true });
  }
}

function ended(
  binary: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(binary, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', kill);
      resolve({ code, stderr });
    });
  });
}

function shown(report: LoadReport): void {
  const problems = JSON.stringify(report.problems);
  process.stderr.write(`\n${timeline(report)}\n${report.failed} of ${report.sent} failed ${problems}\n`);
}
