// The demo's keyboard: what is shown is what runs.
import { spawn, type ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { printed, say, typed } from './screen.ts';

export interface Shell {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface Typing {
  /** show this many lines of its stdout, and say how many there were */
  lines?: number;
  /** it takes a while: show what it says as it comes (stdout and stderr as one, as a terminal does) */
  live?: boolean;
}

export interface Answer {
  code: number;
  stdout: string;
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach(end));

/** Types a line, and shows it with all that it prints. */
export async function type({ cwd, env }: Shell, line: string, how: Typing = {}): Promise<Answer> {
  const { lines = Infinity, live = false } = how;
  typed(line);
  const child = spawn('sh', ['-c', live ? `exec 2>&1; ${line}` : line], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, to be ended as a whole
  });
  running.add(child);
  const decoder = new StringDecoder('utf8');
  let [stdout, stderr, unfinished] = ['', '', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    stdout += text;
    if (!live) return;
    const parts = (unfinished + text).split('\n');
    unfinished = parts.pop()!;
    if (parts.length > 0) printed(parts.join('\n'));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  running.delete(child);
  show(live ? unfinished : stdout, stderr, lines, code);
  return { code, stdout };
}

function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch {
    // it has ended by itself
  }
}

// Our commands write their data first and what they say about it after, so this is the terminal's order.
function show(stdout: string, stderr: string, lines: number, code: number): void {
  const all = stdout.replace(/\n$/, '').split('\n');
  if (stdout !== '') printed(all.slice(0, lines).join('\n'));
  if (all.length > lines) say(`… and ${all.length - lines} more lines like these`);
  if (stderr !== '') printed(stderr);
  if (code !== 0) say(`exit code ${code}`);
}
