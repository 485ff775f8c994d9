import type { RecordedLook } from '../api/record.ts';
import { Latencies } from './latencies.ts';

/** Of a step: a migration goes on for days if it is told to, and its record is written anew every few seconds. */
export const MOST_LOOKS = 600;

/** Adds a look. Where there would be too many, two by two become one, and so will those that come after. */
export function addLook(looks: RecordedLook[], look: RecordedLook): void {
  const last = looks.at(-1);
  if (last && looks.length > 2 && standsFor(last) < standsFor(looks[1]!))
    looks[looks.length - 1] = merged(last, look);
  else looks.push(look);
  if (looks.length > MOST_LOOKS) looks.splice(0, looks.length, ...halved(looks));
}

export function standsFor({ looks }: RecordedLook): number {
  return looks ?? 1;
}

export function latenciesOf(looks: readonly RecordedLook[]): Latencies {
  const latencies = new Latencies();
  for (const { ms, counted } of looks) {
    for (const one of ms) latencies.add(one);
    for (const [one, count] of counted ?? []) latencies.add(one, count);
  }
  return latencies;
}

// The first one stays: from it on the picker's requests are counted.
function halved([first, ...others]: readonly RecordedLook[]): RecordedLook[] {
  const pairs = others.flatMap((one, index) => {
    const next = others[index + 1];
    return index % 2 === 1 ? [] : [next ? merged(one, next) : one];
  });
  return [first!, ...pairs];
}

function merged(one: RecordedLook, next: RecordedLook): RecordedLook {
  return {
    at: one.at,
    until: next.until ?? next.at,
    looks: standsFor(one) + standsFor(next),
    percent: next.percent ?? one.percent,
    sent: one.sent + next.sent,
    failed: one.failed + next.failed,
    ms: [],
    counted: latenciesOf([one, next]).counted(),
    picked: next.picked ?? one.picked,
    failing: [...new Set([...one.failing, ...next.failing])],
  };
}
