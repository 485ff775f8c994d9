// What kubectl runs: argv, streams, signals and the exit code. Nothing else of the program touches the process.
import { homedir } from 'node:os';
import { getBuiltinModule } from 'node:process';
import { FIELD_MANAGER } from '../src/api/names.ts';
import { run } from '../src/cli.ts';
import type { Context, Sink } from '../src/commands/context.ts';
import { talkative } from '../src/commands/underway.ts';
import { forTerminal, safe, type Style } from '../src/report/text.ts';
import { buildInfo } from './buildInfo.ts';
import { runs, thisProcess } from './holder.ts';

const INTERRUPTED = 130;
const BROKEN_PIPE = 141;
/** An API server is restarted within that time. */
const PATIENCE_MS = 60_000;

function styleOf(stream: NodeJS.WriteStream): Style {
  const color = stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  // A terminal that does not know its width says 0 (docker exec -t).
  return { color, width: (stream.isTTY && stream.columns) || Infinity };
}

// A program that reads stdout gets it as it is; people get nothing that their terminal would obey.
function sinkOf(stream: NodeJS.WriteStream, forPeople: boolean): Sink {
  const style = styleOf(stream);
  return {
    write(text) {
      // On a terminal what is said takes the place of the progress.
      if (stream.isTTY) clearProgress();
      stream.write(forPeople ? forTerminal(text, style) : text);
    },
  };
}

const PROGRESS_EVERY_MS = 10_000;
let progressAt = 0;
let progressShown = false;

function clearProgress(): void {
  if (progressShown) process.stderr.write('\r\u001b[K');
  progressShown = false;
}

function progress(said: string): void {
  const line = safe(said);
  if (process.stderr.isTTY) {
    clearProgress();
    if (line === '') return;
    process.stderr.write(line.slice(0, process.stderr.columns - 1));
    progressShown = true;
    return;
  }
  const now = Date.now();
  if (line === '' || now - progressAt < PROGRESS_EVERY_MS) return;
  progressAt = now;
  process.stderr.write(`${line}\n`);
}

async function ask(question: string): Promise<string> {
  const { createInterface } = getBuiltinModule('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C at the question is an interrupt, and so is the end of input.
  let answered = false;
  return new Promise((resolve) => {
    terminal.on('SIGINT', () => {
      process.stderr.write('\nStopped at the question: none of this was written.\n');
      process.exit(INTERRUPTED);
    });
    terminal.on('close', () => {
      if (!answered) process.stderr.write('\n');
      resolve('');
    });
    terminal.question(question).then(
      (answer) => {
        answered = true;
        resolve(answer);
        terminal.close();
      },
      () => resolve(''),
    );
  });
}

async function readStdin(enough = Infinity): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    // Four bytes make a character at most.
    if (bytes > 4 * enough) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

// A copy, for us and for whom we start. Node itself has no switch to leave certificates unchecked.
const env = { ...process.env };
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

const connection = {
  env,
  userAgent: `kubectl-infpool/${buildInfo.version}`,
  home: homedir(),
};

// What is under way may have something to give back. It gets a moment, once.
const GOODBYE_MS = 3000;
const goodbyes = new Set<() => Promise<void>>();
let leaving = false;

async function leave(code: number): Promise<void> {
  if (!leaving && goodbyes.size > 0) {
    leaving = true;
    const enough = new Promise((resolve) => setTimeout(resolve, GOODBYE_MS));
    await Promise.race([enough, Promise.allSettled([...goodbyes].map((goodbye) => goodbye()))]);
  }
  process.exit(code);
}

const context: Context = {
  stdout: sinkOf(process.stdout, process.stdout.isTTY),
  stderr: sinkOf(process.stderr, true),
  style: styleOf(process.stderr),
  outStyle: styleOf(process.stdout),
  interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  cwd: process.cwd(),
  version: buildInfo,
  patienceMs: PATIENCE_MS,
  now: () => new Date(),
  holder: () => thisProcess(env),
  runs,
  onInterrupt(work) {
    goodbyes.add(work);
    return () => void goodbyes.delete(work);
  },
  // Loaded when a server is asked: TLS, the kubeconfig and its parser are half of the program.
  async connect(flags, fieldManager = FIELD_MANAGER) {
    const { connect } = await import('../src/cluster/connect.ts');
    const onWarning = (text: string) => context.stderr.write(`Warning: ${safe(text)}\n`);
    const onSaid = (text: string) => context.stderr.write(text);
    return talkative(await connect({ ...connection, flags, fieldManager, onWarning, onSaid }), context);
  },
  async glance(flags, signal) {
    const { glance } = await import('../src/cluster/glance.ts');
    return glance({ ...connection, flags }, signal);
  },
  ask,
  progress,
  readStdin,
};

// Whoever reads our output may stop early (| head). Then we end without a word, by the exit code that the signal for it
// gives to others, kubectl too: it must not claim that all was done. A full disk is said.
function outputLost(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
  process.stderr.write(`error: the output could not be written: ${safe(error.message)}\n`);
  process.exit(1);
}
process.stdout.on('error', outputLost);
process.stderr.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? BROKEN_PIPE : 1),
);
process.on('SIGINT', () => void leave(INTERRUPTED));
process.on('SIGTERM', () => void leave(143));

run(process.argv.slice(2), context).then(
  (code) => {
    process.exitCode = code;
    // A key was pressed: a look-up of a host name that is still under way must not keep the shell waiting.
    if (process.argv[2] === '__complete') process.stdout.write('', () => process.exit());
  },
  (error: unknown) => {
    process.stderr.write(`${safe(String(error))}\n`);
    process.exitCode = 1;
  },
);
