// One request, judged.
import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http';
import type { Sample } from './sample.ts';

export interface Shot {
  url: string;
  path: string;
  model: string;
  headers: Record<string, string>;
  streamed: boolean;
  /** undefined: a connection of its own */
  agent: Agent | undefined;
  timeoutMs: number;
}

export type Outcome = Pick<Sample, 'status' | 'pool' | 'pod' | 'problem'>;

/** Never throws. */
export function shoot(shot: Shot): Promise<Outcome> {
  return new Promise((resolve) => {
    const body = JSON.stringify({
      model: shot.model,
      prompt: 'What is the best pizza?',
      stream: shot.streamed,
    });
    const request = httpRequest(shot.url + shot.path, {
      method: 'POST',
      agent: shot.agent ?? false,
      headers: {
        ...shot.headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...(shot.agent ? {} : { connection: 'close' }),
      },
    });
    let answer: IncomingMessage | undefined;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      request.destroy(new Error('timeout'));
    }, shot.timeoutMs);
    const finish = (problem?: string) => {
      clearTimeout(timer);
      const header = (name: string) => (answer?.headers[name] as string | undefined) ?? null;
      const seen = { status: answer?.statusCode ?? 0, pool: header('x-served-pool'), pod: header('x-pod') };
      resolve(problem === undefined ? seen : { ...seen, problem });
    };
    // After the head has come, 'error' of the request and 'close' of the answer may both tell of one break.
    const broke = (error?: NodeJS.ErrnoException) => {
      if (timedOut) finish('timeout');
      else if (answer) finish(shot.streamed ? 'broken stream' : 'broken body');
      else finish(error?.code === 'ECONNREFUSED' ? 'refused' : 'reset');
    };
    request.on('error', broke);
    request.on('response', (response) => {
      answer = response;
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', broke);
      response.on('end', () => finish(judge(response, text, shot.streamed)));
      response.on('close', () => response.complete || broke());
    });
    request.end(body);
  });
}

/** What is wrong with an answer that came to its end; undefined: nothing. */
export function judge(
  { statusCode = 0 }: { statusCode?: number | undefined },
  text: string,
  streamed: boolean,
): string | undefined {
  if (statusCode < 200 || statusCode > 299) return `status ${statusCode}`;
  if (streamed) return text.trimEnd().endsWith('data: [DONE]') ? undefined : 'broken stream';
  try {
    const { choices } = JSON.parse(text) as { choices?: unknown[] };
    return choices?.length ? undefined : 'broken body';
  } catch {
    return 'broken body';
  }
}
