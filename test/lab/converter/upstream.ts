// Upstream's own Go converter, as a process that answers one pool at a time.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { KubeObject } from '../kube.ts';
import { ensureParts } from '../parts/parts.ts';

/** `end` it in `after`. */
export class UpstreamConverter {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;

  private constructor(program: string) {
    this.child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.answers = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  static async start(): Promise<UpstreamConverter> {
    const { 'gie-converter': program } = await ensureParts(['gie-converter']);
    return new UpstreamConverter(program);
  }

  /** What ConvertTo makes of an alpha pool. One call at a time. @throws Error with what Go said */
  async convert(alpha: object): Promise<KubeObject> {
    this.child.stdin.write(`${JSON.stringify(alpha)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error('the converter has ended');
    const answer = JSON.parse(value) as KubeObject & { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin.end();
    await ended;
  }
}
