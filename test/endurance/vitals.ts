// What Linux says of a process while it runs: its memory, and the time that it had a core.
import { readFileSync } from 'node:fs';

export interface Sample {
  /** Since the first one. */
  readonly seconds: number;
  readonly residentMb: number;
  /** User and system. */
  readonly cpuSeconds: number;
}

/** Of every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

export class Vitals {
  readonly samples: Sample[] = [];
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(pid: number, everyMs: number) {
    const take = () => {
      const sample = sampleOf(pid, (performance.now() - this.began) / 1000);
      if (sample) this.samples.push(sample);
      else this.stop();
    };
    this.timer = setInterval(take, everyMs);
    take();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  after(seconds: number): Sample[] {
    return this.samples.filter((sample) => sample.seconds >= seconds);
  }
}

// Null once it is over.
function sampleOf(pid: number, seconds: number): Sample | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // The name, in parentheses, may have spaces in it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (kilobytes === undefined) return null;
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { seconds, residentMb: Number(kilobytes) / 1024, cpuSeconds: ticks / TICKS_A_SECOND };
  } catch {
    return null;
  }
}

/** Of a straight line through the samples (least squares): MB in ten minutes. */
export function growth(samples: readonly Sample[]): number {
  const middle = mean(samples.map(({ seconds }) => seconds));
  const height = mean(samples.map(({ residentMb }) => residentMb));
  const up = samples.reduce((sum, one) => sum + (one.seconds - middle) * (one.residentMb - height), 0);
  const along = samples.reduce((sum, one) => sum + (one.seconds - middle) ** 2, 0);
  return (600 * up) / along;
}

/** The share of one core, 0 to 1. */
export function busy(samples: readonly Sample[]): number {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return (last.cpuSeconds - first.cpuSeconds) / (last.seconds - first.seconds);
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
