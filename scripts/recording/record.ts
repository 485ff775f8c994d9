// Types commands into a shell of its own, and keeps what the terminal got and when.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Piece {
  /** milliseconds from the beginning */
  at: number;
  data: string;
}

export interface Size {
  columns: number;
  rows: number;
}

interface Options extends Size {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** what is typed, or done in between */
  scenes: readonly (string | (() => Promise<void>))[];
}

/** What the shell prints before each prompt, and no terminal shows. */
const PROMPT = '\u001b]777;prompt\u0007';
const KEY_MS = 28;
const READ_MS = 1800;

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @throws when the shell ends before the last scene */
export async function record({ columns, rows, cwd, env, scenes }: Options): Promise<Piece[]> {
  const program = join(dirname(fileURLToPath(import.meta.url)), 'terminal.py');
  const shell = ['bash', '--norc', '--noprofile'];
  const child = spawn('python3', [program, String(columns), String(rows), ...shell], {
    cwd,
    // An interactive bash sets a PS1 of its own.
    env: { ...env, TERM: 'xterm-256color', PROMPT_COMMAND: `PS1='$ '; printf '\\033]777;prompt\\007'` },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  const pieces: Piece[] = [];
  let [prompts, ended, over] = [0, false, false];
  let heard: () => void = () => undefined;
  const began = performance.now();
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    if (over) return;
    pieces.push({ at: performance.now() - began, data: data.replaceAll(PROMPT, '') });
    prompts += data.split(PROMPT).length - 1;
    heard();
  });
  child.on('exit', () => {
    ended = true;
    heard();
  });
  const promptNumber = async (wanted: number) => {
    while (prompts < wanted) {
      if (ended) throw new Error('the shell ended');
      await new Promise<void>((resolve) => (heard = resolve));
    }
  };
  await promptNumber(1);
  let done = 1;
  for (const scene of scenes) {
    if (typeof scene !== 'string') {
      await scene();
      continue;
    }
    for (const key of scene) {
      child.stdin.write(key);
      await sleep(KEY_MS);
    }
    await sleep(400);
    child.stdin.write('\n');
    await promptNumber(++done);
    await sleep(READ_MS);
  }
  over = true;
  pieces.push({ at: performance.now() - began, data: '' });
  child.stdin.end('exit\n');
  return pieces;
}
