// The moves that steps are made of.
import * as cluster from './cluster.ts';
import { insist, must } from './expect.ts';
import { blank } from './screen.ts';
import { type, type Shell, type Typing } from './shell.ts';
import type { Stage } from './stage.ts';
import { sample } from './traffic.ts';

export interface Play {
  stage: Stage;
  shell: Shell;
}

/** One of our commands, which must succeed. */
export async function ours({ shell }: Play, line: string, how?: Typing): Promise<void> {
  const { code } = await type(shell, `kubectl infpool ${line}`, how);
  insist(`"kubectl infpool ${line.split(' ')[0]}" ends with exit code 0`, code === 0, code);
}

/** What the cluster says after it. */
export async function look({ shell }: Play, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    blank();
    const { code } = await type(shell, line);
    insist(`"${line}" ends with exit code 0`, code === 0, code);
  }
}

/** `verify`, told the port where the lab's Gateway could not have port 80 (an ordinary user on Linux). */
export const verifyLine = ({ stage }: Play): string => `verify${addressFlag(stage)}`;

export function addressFlag({ url }: Stage): string {
  const { host, port } = new URL(url);
  return port === '' ? '' : ` --address ${host}`;
}

/** All of the migration, as one line. */
export function migrateLine({ stage }: Play, steps: number[]): string {
  const how = `--steps ${steps.join()} --interval 5s --cleanup --crds --helm-uninstall --yes`;
  return `migrate ${how} --chart ./inferencepool --crds-from ./manifests.yaml${addressFlag(stage)}`;
}

/** The route's backends as they are, a hundred requests, and the Gateway. */
export async function showTraffic(play: Play, percent: number): Promise<void> {
  const { stage } = play;
  const columns = 'custom-columns=POOLS:..backendRefs[*].name,WEIGHTS:..backendRefs[*].weight';
  await look(play, `kubectl get httproutes.gateway.networking.k8s.io ${stage.route} -o '${columns}'`);
  blank();
  const { requests, ok, v1, alpha, failures } = await sample(stage);
  must(`${requests} requests through the Gateway: ${ok} answered 200`, ok === requests, failures);
  const near = Math.abs((v1 * 100) / requests - percent) <= (percent === 100 ? 0 : 10);
  must(`${alpha} of them by the alpha pool, ${v1} by the v1 pool`, near && alpha + v1 === requests);
  must('the Gateway is PROGRAMMED=True', await cluster.isProgrammed(stage));
}
