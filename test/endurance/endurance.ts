// `status --watch` and `migrate` of the same pool, side by side, each with a connection to the API server that breaks every
// few seconds. The migration takes as long as it is told; then somebody cleans up, and the watch has to see that, too.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, startGate, type Gate } from '../lab/connect/gate.ts';
import { offline, type Bench, type Outcome } from '../e2e/support.ts';
import { reached, running, type Running } from '../rivals/running.ts';
import { Cutter } from './cutter.ts';
import { Vitals } from './vitals.ts';

export const NS = 'long';
export const STEPS = [10, 50, 100];

/** One process and what is between it and the API server. */
export class Observed {
  readonly cutter: Cutter;
  readonly vitals: Vitals;
  readonly run: Running;
  /** Of requests to the API server that came through. */
  requests = 0;
  endedAt: number | null = null;
  private readonly gate: Gate;
  private readonly counting: NodeJS.Timeout;

  private constructor(gate: Gate, cutter: Cutter, run: Running, sampleMs: number) {
    this.gate = gate;
    this.cutter = cutter;
    this.run = run;
    this.vitals = new Vitals(run.pid, sampleMs);
    this.counting = setInterval(() => this.count(), 1000); // half an hour of them need not be kept
    void run.ended.then(() => (this.endedAt = Date.now()));
  }

  static async start(bench: Bench, args: string[], seed: number, sampleMs: number): Promise<Observed> {
    const gate = await startGate(bench.lab);
    const cutter = await Cutter.start(gate.port, seed);
    const kubeconfig = join(bench.cwd, `kubeconfig-${seed}`);
    const { token } = bench.lab.admin.options;
    const server = `https://127.0.0.1:${cutter.port}`;
    const whole = {
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority': certificate('ca.crt') } }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(kubeconfig, JSON.stringify(whole));
    return new Observed(gate, cutter, running(bench, args, { KUBECONFIG: kubeconfig }), sampleMs);
  }

  stop(): void {
    this.run.kill('SIGKILL');
    clearInterval(this.counting);
    this.vitals.stop();
    this.cutter.stop();
    this.gate.stop();
  }

  /** Since it began, of those that came through. */
  requestsASecond(): number {
    this.count();
    return this.requests / this.vitals.samples.at(-1)!.seconds;
  }

  private count(): void {
    this.requests += this.gate.take().length;
  }
}

export interface Endured {
  readonly watch: Outcome;
  readonly migrate: Outcome;
  /** Milliseconds from the end of the cleanup to that of the watch. */
  readonly noticedMs: number;
  readonly watching: Observed;
  readonly migrating: Observed;
}

export interface Plan {
  readonly intervalSeconds: number;
  readonly sampleMs: number;
  readonly seed: number;
}

/** @param bench with the preview in NS */
export async function endure(bench: Bench, { intervalSeconds, sampleMs, seed }: Plan): Promise<Endured> {
  const open: Observed[] = [];
  const start = async (args: string[], of: number) => {
    const one = await Observed.start(bench, args, of, sampleMs);
    open.push(one);
    return one;
  };
  try {
    const watching = await start(
      ['status', '-n', NS, '--watch', '--until', 'Done', '--timeout', '3h', '-o', 'json'],
      seed,
    );
    await reached(watching.run, () => watching.run.stdout().includes('"Preview"'));
    watching.cutter.begin();
    const fixed = ['migrate', '-n', NS, '--yes', '--steps', STEPS.join(), ...(await offline())];
    const migrating = await start([...fixed, '--interval', `${intervalSeconds}s`], seed + 1);
    // What can't be reached at its start has not begun.
    await reached(migrating.run, () =>
      migrating.run.stderr().includes('Baseline: how requests are answered'),
    );
    migrating.cutter.begin();
    const migrate = await migrating.run.ended;
    await bench.done(['cleanup', '-n', NS, '--yes', '--helm-uninstall']);
    const cleaned = Date.now();
    const watch = await watching.run.ended;
    return { watch, migrate, noticedMs: watching.endedAt! - cleaned, watching, migrating };
  } finally {
    for (const one of open) one.stop();
  }
}

/** `PHASE PERCENT` of each time that the watch printed. */
export function printed({ stdout }: Outcome): string[] {
  const documents = stdout.split(/(?<=^\}\n)/m).map((text) => JSON.parse(text) as StatusDocument);
  return documents.map(({ pools }) => pools.map(stateOf).join(', '));
}

interface StatusDocument {
  pools: { phase: string; trafficPercentV1: number | null }[];
}

function stateOf({ phase, trafficPercentV1 }: StatusDocument['pools'][number]): string {
  return `${phase} ${trafficPercentV1 ?? '-'}`;
}
