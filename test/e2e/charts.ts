// Upstream's charts as helm renders them.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseManifests, type KubeObject } from '../lab/kube.ts';
import { chartDir } from '../lab/parts/modules.ts';
import { ensureParts } from '../lab/parts/parts.ts';
import type { GieVersion } from '../lab/parts/versions.ts';
import { run, type Outcome } from './support.ts';

/** Runs helm by itself: no cluster, none of this machine's settings. */
export async function helm(args: string[]): Promise<Outcome> {
  const { helm: program } = await ensureParts(['helm']);
  const nowhere = join(tmpdir(), 'no-such-home');
  return run(program, args, { cwd: tmpdir(), env: { HOME: nowhere, PATH: process.env['PATH'] ?? '' } });
}

/** What the chart of a release renders with these values, `a.b=c` each. */
export async function rendered(version: GieVersion, ...values: string[]): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await renderedOrNot(version, ...values);
  return code === 0 ? parseManifests(stdout) : expect.fail(`${version} ${values.join(' ')}: ${stderr}`);
}

export async function renderedOrNot(version: GieVersion, ...values: string[]): Promise<Outcome> {
  const sets = ['inferencePool.modelServers.matchLabels.app=x', ...values].flatMap((set) => ['--set', set]);
  return helm(['template', 'rel', await chartDir(version), '--namespace', 'ns', ...sets]);
}

export function ofKind(objects: KubeObject[], kind: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind);
}
