// What has to be so after it went on for long, however long that was.
import { expect } from 'chai';
import type { Endured, Observed } from './endurance.ts';
import { printed, STEPS } from './endurance.ts';
import { busy } from './vitals.ts';

/** A look of the watch, 2 s of pause, and an outage in between. */
const NOTICED_MS = 10_000;
/** Requests a second: a look of the watch is 26 every 2 s, one of the migration 45 every second; some are repeated. */
const MOST_REQUESTS = { watching: 20, migrating: 60 };

export function expectTold({ watch, migrate, noticedMs, watching, migrating }: Endured): void {
  expect(migrate.code, migrate.stderr).to.equal(0);
  expect(watch.code, watch.stderr).to.equal(0);
  expect(printed(watch), 'what the watch printed').to.deep.equal([
    'Preview 0',
    'Parallel 0',
    ...STEPS.map((percent) => `${percent === 100 ? 'Switched' : 'Splitting'} ${percent}`),
    'Done 100',
  ]);
  expect(noticedMs, 'until the watch saw the end').to.be.below(NOTICED_MS);
  for (const percent of STEPS)
    expect(migrate.stdout).to.match(new RegExp(`^${percent}% +${percent}% +pass +\\d+ +0 `, 'm'));
  for (const { cutter } of [watching, migrating]) expect(cutter.cuts).to.be.above(0);
}

/** Of what is said about outages, at most a line each. */
export function expectQuiet({ watch, watching }: Endured): void {
  const lines = watch.stderr.split('\n').filter((line) => line !== '');
  expect(lines.length, watch.stderr).to.be.at.most(watching.cutter.cuts);
}

export function expectModest({ watching, migrating }: Endured): void {
  for (const [name, one] of Object.entries({ watching, migrating }) as ['watching' | 'migrating', Observed][])
    expect(one.requestsASecond(), `requests a second, ${name}`).to.be.below(MOST_REQUESTS[name]);
}

export function told(endured: Endured): string {
  const lines = (['watching', 'migrating'] as const).map((name) => {
    const { cutter, vitals } = endured[name];
    const { samples } = vitals;
    const most = Math.max(...samples.map(({ residentMb }) => residentMb));
    return `${name}: ${samples.at(-1)!.seconds.toFixed(0)} s, ${cutter.cuts} cuts (${cutter.outages} with a second away, ${cutter.turnedAway} turned away), ${cutter.connections} connections, ${endured[name].requestsASecond().toFixed(1)} requests/s, ${(100 * busy(samples)).toFixed(1)} % of a core, ${most.toFixed(0)} MB at most`;
  });
  return `${lines.join('\n')}\nthe end seen after ${(endured.noticedMs / 1000).toFixed(1)} s`;
}
