// Mocha's own output, and beside it a record of every test as it ends, a line of JSON each. Scripts read
// that file; after a crash it tells how far the run came.
//   mocha --reporter test/support/reporter.ts --reporter-option results=FILE
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

export type TestRecord =
  | { kind: 'start'; total: number }
  | { kind: 'pass'; title: string; milliseconds: number }
  | { kind: 'fail'; title: string; message: string; hook: boolean }
  | { kind: 'skip'; title: string }
  | { kind: 'end' }
  /** The run was over, but something it left open kept the process from ending. */
  | { kind: 'open'; resources: string[] };

/** How long open handles may keep the process alive after the last test. */
const grace = 10_000;

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    failOnUnhandledRejections();
    const file = (options.reporterOptions as { results?: string } | undefined)?.results;
    if (file) record(runner, (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`));
  }
}

function record(runner: Mocha.Runner, write: (entry: TestRecord) => void): void {
  runner.once('start', () => write({ kind: 'start', total: runner.total }));
  runner.on('pass', (test) =>
    write({ kind: 'pass', title: titleOf(test), milliseconds: test.duration ?? 0 }),
  );
  runner.on('fail', (test, error: Error) =>
    write({
      kind: 'fail',
      title: titleOf(test),
      message: String(error?.message ?? error),
      hook: test.type !== 'test',
    }),
  );
  runner.on('pending', (test) => write({ kind: 'skip', title: titleOf(test) }));
  runner.once('end', () => {
    write({ kind: 'end' });
    // Unreferenced, so it goes off only where something else keeps the process alive.
    setTimeout(() => {
      write({ kind: 'open', resources: process.getActiveResourcesInfo() });
      process.exit(1);
    }, grace).unref();
  });
  // Whoever started the tests was killed: nobody waits for the rest of them.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 1000).unref();
}

/** Mocha 12 passes over a rejection that no one handles; here it fails the test that is running. */
function failOnUnhandledRejections(): void {
  const seen = new WeakSet<Promise<unknown>>();
  process.on('unhandledRejection', (reason, promise) => {
    if (seen.has(promise)) return;
    seen.add(promise);
    throw reason;
  });
}

function titleOf(test: Mocha.Runnable): string {
  return test.titlePath().join(' › ');
}
