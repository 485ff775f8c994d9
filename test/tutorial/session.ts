// A shell that is typed into line by line, as a person would; it keeps its folder and its variables.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

export interface Answer {
  /** stdout and stderr as a terminal has them, without the last line's end */
  lines: string[];
  code: number;
}

export class Session {
  readonly #child: ChildProcess;
  #text = '';
  #heard: () => void = () => undefined;

  /** @param start the command line whose standard input is a shell: `bash`, or one that starts such a shell */
  constructor(start: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    const [program, ...args] = start;
    this.#child = spawn(program!, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    // Until the shell has made both streams one.
    this.#child.stderr!.resume();
    this.#child.on('exit', () => this.#heard());
    this.#child.stdin!.write('exec 2>&1\n');
    process.once('exit', () => this.#kill());
  }

  /** @throws when the shell ended, or after `seconds` */
  async type(command: string, seconds = 180): Promise<Answer> {
    this.#text = '';
    const mark = randomUUID();
    // What is typed must not be read by the command itself.
    this.#child.stdin!.write(`{ ${command}\n} </dev/null\nprintf '\\n%s %s\\n' '${mark}' "$?"\n`);
    const end = new RegExp(`\\n${mark} (\\d+)\\n`);
    const deadline = Date.now() + seconds * 1000;
    for (let found; ;) {
      if ((found = end.exec(this.#text)))
        return { lines: linesOf(this.#text.slice(0, found.index)), code: Number(found[1]) };
      if (this.#child.exitCode !== null) throw new Error(`the shell ended at: ${command}\n${this.#text}`);
      if (Date.now() > deadline) throw new Error(`after ${seconds} s still at: ${command}\n${this.#text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin!.end('exit\n');
    const timer = setTimeout(() => this.#kill(), 5000);
    await gone;
    clearTimeout(timer);
  }

  #hear(text: string): void {
    this.#text += text;
    this.#heard();
  }

  #kill(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid);
    } catch {
      // it has ended by itself
    }
  }
}

function linesOf(text: string): string[] {
  const trimmed = text.replace(/\n+$/, '');
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => line.trimEnd());
}
