// What the route gives v1, from one change to the next, while traffic goes on.
import type { Kube } from '../../test/lab/kube.ts';
import type { Load, LoadReport } from '../../test/lab/load/load.ts';
import { shareHolds, span, type Figures } from '../../test/lab/load/report.ts';

export interface Held {
  percent: number;
  /** ms since the load's start */
  from: number;
  to: number;
}

interface Watched {
  kube: Kube;
  namespace: string;
  route: string;
}

const LOOK_EVERY_MS = 50;
/** A new weight is everywhere this long after the API server has it: a controller and Envoy lie between. */
const SETTLE_MS = 1500;

/** Follows the route until `work` is over, and marks each change on the load's timeline. */
export async function follow(watched: Watched, load: Load, work: Promise<unknown>): Promise<Held[]> {
  const all: Held[] = [];
  const over = work.then(
    () => true,
    () => true,
  );
  const look = async () => {
    const percent = await v1Percent(watched);
    const now = Date.now() - load.startedAt;
    const last = all.at(-1);
    if (last?.percent === percent) last.to = now;
    else {
      if (last) load.mark(`${percent} percent`);
      all.push({ percent, from: now, to: now });
    }
  };
  do await look();
  while (!(await Promise.race([over, pause()])));
  await look(); // what its end has left
  return all;
}

const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), LOOK_EVERY_MS));

export async function v1Percent({ kube, namespace, route }: Watched): Promise<number> {
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const object = await kube.get({ apiVersion, kind: 'HTTPRoute', namespace, name: route });
  const refs = (object?.['spec'].rules[0].backendRefs ?? []) as { group?: string; weight?: number }[];
  const sum = (some: typeof refs) => some.reduce((total, { weight = 1 }) => total + weight, 0);
  return (100 * sum(refs.filter(({ group }) => group === 'inference.networking.k8s.io'))) / sum(refs);
}

/** What was served while the route had that weight; undefined when that was too short to say. */
export function seenAt(report: LoadReport, all: Held[], percent: number): Figures | undefined {
  const held = all.find((one) => one.percent === percent);
  if (!held || held.to - held.from < SETTLE_MS + 1000) return undefined;
  return span(report, held.from + SETTLE_MS, held.to);
}

/** Whether v1 got its share, within three standard deviations; undefined when there is nothing to judge. */
export function shareWasRight(report: LoadReport, all: Held[], percent: number): boolean | undefined {
  const seen = seenAt(report, all, percent);
  return seen && shareHolds(seen, percent);
}
