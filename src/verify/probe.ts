import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CheckId } from '../api/ids.ts';
import type { Check } from '../api/verification.ts';
import type { Ref } from '../api/ref.ts';
import { Checklist } from './evidence.ts';
import { CHAT_COMPLETIONS, type Way } from './probeWay.ts';

export interface ProbeTarget extends Way {
  /** The Gateway. */
  readonly subject: Ref;
  /** `http` or `https`; host and port of the listener. */
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** The Host header, where the route asks for one; '' otherwise. */
  readonly hostname: string;
  readonly model: string;
  readonly prompt: string;
  readonly timeoutMs: number;
}

export interface ProbeResult {
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  readonly ms: number;
  /** Why there was no status, or the first words of a bad answer. */
  readonly text: string;
  readonly timedOut: boolean;
}

// An answer is read this far and no further; a completion of 100 tokens is far below.
const MAX_BODY = 64 * 1024;
const EXCERPT = 200;

/** One completion request as Google's guide sends it. Follows no redirect and sends no credentials. Never throws. */
export function probe(target: ProbeTarget): Promise<ProbeResult> {
  const body = JSON.stringify({
    model: target.model,
    ...(isChat(target)
      ? { messages: [{ role: 'user', content: target.prompt }] }
      : { prompt: target.prompt }),
    max_tokens: 100,
    temperature: 0,
  });
  const started = performance.now();
  const request = open(target, Buffer.byteLength(body));
  if (request instanceof Error)
    return Promise.resolve({ status: 0, text: request.message, timedOut: false, ms: 0 });
  return new Promise((resolve) => {
    const finish = (status: number, text: string, timedOut = false) => {
      clearTimeout(timer);
      resolve({ status, text, timedOut, ms: performance.now() - started });
      request.destroy();
    };
    const timer = setTimeout(
      () => finish(0, `no answer within ${target.timeoutMs / 1000} s`, true),
      target.timeoutMs,
    );
    request.on('error', (error) => finish(0, error.message));
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_BODY) finish(response.statusCode ?? 0, text.slice(0, EXCERPT));
      });
      response.on('end', () => finish(response.statusCode ?? 0, text.slice(0, EXCERPT)));
      response.on('error', (error) => finish(0, error.message));
    });
    request.end(body);
  });
}

function isChat({ path }: Way): boolean {
  return path.split('?')[0]!.endsWith(CHAT_COMPLETIONS.replace(/^\/v1/, ''));
}

// Node throws at once for what it will not even try: a port or a Host header that can't be.
function open(target: ProbeTarget, length: number): ClientRequest | Error {
  const send = target.scheme === 'https' ? httpsRequest : httpRequest;
  try {
    return send({
      host: target.host,
      port: target.port,
      method: 'POST',
      path: target.path,
      agent: false,
      headers: {
        ...target.headers,
        'content-type': 'application/json',
        'content-length': length,
        ...(target.hostname ? { host: target.hostname } : {}),
      },
    });
  } catch (error) {
    return error as Error;
  }
}

/** `POST http://10.0.0.1:80/v1/completions with model "food-review" and x-team: web`: enough to send it by hand. */
export function describeProbe({ scheme, host, port, path, model, headers }: ProbeTarget): string {
  const sent = Object.entries(headers).map(([name, value]) => ` and ${name}: ${value}`);
  return `POST ${scheme}://${host}:${port}${path} with model "${model}"${sent.join('')}`;
}

/** The check for one model's probes: the worst answer decides. */
export function probeCheck(target: ProbeTarget, results: readonly ProbeResult[]): Check {
  const list = new Checklist('Requests', target.subject);
  const what = describeProbe(target);
  if (results.length === 0) {
    list.add('probe', 'skip', `${what}: not sent`, '');
    return list.checks[0]!;
  }
  const bad = results.find((result) => result.status < 200 || result.status > 299);
  if (!bad) {
    const slowest = Math.max(...results.map((result) => result.ms));
    list.add(
      'probe',
      true,
      `${what}: ${results.length} of ${results.length} answered 200 (slowest ${Math.round(slowest)} ms)`,
      '',
    );
    return list.checks[0]!;
  }
  const failed = results.filter((result) => result.status < 200 || result.status > 299).length;
  const count = results.length > 1 ? ` (${failed} of ${results.length} failed)` : '';
  const [id, hint] = explain(bad);
  list.add(id, false, `${what}: ${bad.status === 0 ? bad.text : `${bad.status} ${bad.text}`}${count}`, hint);
  return list.checks[0]!;
}

function explain({ status, timedOut }: ProbeResult): [id: CheckId, hint: string] {
  if (timedOut)
    return ['probe-timeout', 'The model server or the endpoint picker hangs; look at their logs.'];
  if (status === 0)
    return [
      'probe-unreachable',
      "Nothing answers at the Gateway's address from here. If it is internal, run this where it can be reached, or give --address HOST:PORT, or --no-probe.",
    ];
  if (status === 404)
    return [
      'probe-not-found',
      "No server knows this model name, or no rule matches. If an InferenceModel's targetModels renamed it, v1 does not: see kubectl infpool convert.",
    ];
  if (status === 429)
    return ['probe-shed', 'The endpoint picker sheds load; try again when the pool is less busy.'];
  if (status < 500)
    return [
      'probe-refused',
      "Something in front of the model servers answered: look at the route's filters and at what guards the Gateway, or give --no-probe.",
    ];
  return [
    'probe-server-error',
    'Look at the logs of the endpoint picker (ext_proc errors are 500) and of the model servers.',
  ];
}
