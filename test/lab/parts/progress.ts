// What is being waited for, told to whoever waits: one rewritten line on a terminal, a line every ten
// seconds elsewhere.
export interface Step {
  what: string;
  elapsedSeconds: number;
  detail: string;
  state: 'running' | 'done' | 'failed';
}
export type Report = (step: Step) => void;

/** Runs `work` and reports it every second, with the latest detail that it gave. */
export async function reported<T>(
  report: Report,
  what: string,
  work: (detail: (text: string) => void) => Promise<T>,
): Promise<T> {
  const start = Date.now();
  let latest = '';
  const tell = (state: Step['state']) =>
    report({ what, elapsedSeconds: Math.round((Date.now() - start) / 1000), detail: latest, state });
  tell('running');
  const timer = setInterval(() => tell('running'), 1000);
  try {
    const result = await work((text) => (latest = text));
    latest = '';
    tell('done');
    return result;
  } catch (error) {
    latest = '';
    tell('failed');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

const QUIET_SECONDS = 10;

export function reportTo(stream: NodeJS.WriteStream): Report {
  const nextLine = new Map<string, number>();
  return ({ what, elapsedSeconds, detail, state }) => {
    const line = `lab: ${what} … ${elapsedSeconds} s${detail === '' ? '' : `, ${detail}`}`;
    if (stream.isTTY) {
      const shown = line.slice(0, (stream.columns || 80) - 1);
      stream.write(`\r\x1b[K${shown}${state === 'running' ? '' : `, ${state}\n`}`);
    } else if (state !== 'running' || elapsedSeconds >= (nextLine.get(what) ?? 0)) {
      nextLine.set(what, elapsedSeconds + QUIET_SECONDS);
      stream.write(`${line}${state === 'running' ? '' : `, ${state}`}\n`);
    }
  };
}
