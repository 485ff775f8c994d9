// The seam between the control plane and what is put on it: `npm run lab -- up --scenario NAME` reads
// ../scenarios/scenarios.ts, which exports `scenarios: Record<string, Scenario>`.
import { existsSync } from 'node:fs';
import type { Lab, Script } from '../lab.ts';
import { LabError } from '../parts/go.ts';
import type { CrdSet } from './crds.ts';

export interface Scenario {
  /** one line for `status` and errors */
  summary: string;
  crds: CrdSet[];
  gitVersion?: string;
  /** what plays along, such as the gateway and the kubelet */
  extra?: Script[];
  /** returns once everything stands as described */
  setUp(lab: Lab): Promise<void>;
}

/** @throws LabError when there is none of that name, naming those that are */
export async function scenario(name: string): Promise<Scenario> {
  const file = new URL('../scenarios/scenarios.ts', import.meta.url);
  const all = existsSync(file)
    ? ((await import(file.href)) as { scenarios: Record<string, Scenario> }).scenarios
    : {};
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found) return found;
  const lines = Object.entries(all).map(([key, { summary }]) => `\n  ${key}: ${summary}`);
  throw new LabError(`There is no scenario '${name}'. There are:${lines.join('') || ' none yet'}`);
}

/** Puts a scenario on a lab that is up. */
export async function play({ crds, extra = [], setUp }: Scenario, lab: Lab): Promise<void> {
  await lab.installCrds(crds);
  for (const script of extra) await lab.run(script);
  await setUp(lab);
}
