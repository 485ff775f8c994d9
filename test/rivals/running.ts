// The binary while it runs, and what others may learn of it meanwhile.
import { spawn } from 'node:child_process';
import type { Kube, KubeObject } from '../lab/kube.ts';
import { binary, type Bench, type Outcome } from '../e2e/support.ts';

const LEASES = 'coordination.k8s.io/v1';

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Outcome>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

export function running(bench: Bench, args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(binary, args, {
    cwd: bench.cwd,
    env: { ...process.env, ...bench.lab.env, KUBECONFIG: bench.lab.kubeconfig('admin'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return {
    pid: child.pid!,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))),
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
  };
}

/** Waits until it is so; gives up with what it said when it ends before. */
export async function reached(run: Running, isSo: () => boolean | Promise<boolean>): Promise<void> {
  let over: Outcome | undefined;
  void run.ended.then((outcome) => (over = outcome));
  while (!(await isSo())) {
    if (over) throw new Error(`it ended before (exit ${over.code}):\n${over.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The claims of a namespace. */
export async function claims(kube: Kube, namespace: string): Promise<KubeObject[]> {
  const leases = await kube.list(LEASES, 'leases', namespace);
  return leases.filter(({ metadata }) => metadata.name.startsWith('kubectl-infpool-'));
}
