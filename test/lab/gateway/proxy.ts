// One request through the gateway: choose a backend, let its picker treat the model, choose a pod, stream.
import {
  request as httpRequest,
  type Agent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import { pick } from './match.ts';
import type { Endpoint, Entry, ModelRules } from './routing.ts';
import type { HeaderModifier } from './world.ts';

export interface Proxying {
  entry: Entry;
  request: IncomingMessage;
  response: ServerResponse;
  agent: Agent;
  points: Record<'backend' | 'model' | 'endpoint', () => number>;
}

export async function proxy({ entry, request, response, agent, points }: Proxying): Promise<void> {
  const body = await read(request);
  const backend = pick(entry.backends, points.backend());
  if (!backend) return answer(response, 500, 'the rule has no backend');
  const { target } = backend;
  response.setHeader('x-served-pool', target.label);
  if ('status' in target) return answer(response, target.status, target.problem);

  const headers = modifyHeaders(request.headers, [...entry.headers, ...backend.headers]);
  const treated = target.models ? treatModel(body, headers, target.models, points.model) : { body };
  if ('refused' in treated) return answer(response, 404, treated.refused);

  // The next pod is tried when one has just gone; nothing of the request was processed then.
  const first = Math.floor(points.endpoint() * target.endpoints.length);
  const order = [...target.endpoints.slice(first), ...target.endpoints.slice(0, first)];
  for (const endpoint of order) {
    const upstream = await forward(endpoint, request, response, headers, treated.body, agent);
    if (!upstream) continue;
    response.writeHead(upstream.statusCode ?? 502, { ...hopless(upstream.headers), 'x-pod': endpoint.pod });
    return pipeline(upstream, response);
  }
  answer(response, 503, 'no pod could be reached');
}

export function answer(response: ServerResponse, status: number, problem: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(`${problem}\n`);
}

type Treated = { body: Buffer } | { refused: string };

/** What the endpoint picker does to the body's model. */
export function treatModel(
  body: Buffer,
  headers: OutgoingHttpHeaders,
  rules: ModelRules,
  point: () => number,
): Treated {
  const parsed = parse(body);
  if (typeof parsed?.['model'] !== 'string') return { body };
  const model = parsed['model'];
  const targets = rules.targets.get(model);
  if (!targets && rules.refuseUnknown)
    return { refused: `inference gateway: no InferenceModel for model ${model}` };
  const header = rules.rewriteHeader ? headers[rules.rewriteHeader] : undefined;
  const becomes = header ?? pick(targets ?? [], point())?.name ?? model;
  if (becomes === model) return { body };
  return { body: Buffer.from(JSON.stringify({ ...parsed, model: becomes })) };
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export function modifyHeaders(
  original: OutgoingHttpHeaders,
  modifiers: HeaderModifier[],
): OutgoingHttpHeaders {
  const headers = hopless(original);
  for (const { set = [], add = [], remove = [] } of modifiers) {
    for (const { name, value } of set) headers[name.toLowerCase()] = value;
    for (const { name, value } of add) {
      const before = headers[name.toLowerCase()];
      headers[name.toLowerCase()] = before === undefined ? value : `${String(before)},${value}`;
    }
    for (const name of remove) delete headers[name.toLowerCase()];
  }
  return headers;
}

/** Without the headers that belong to one connection only; the length is set anew. */
function hopless(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const hop = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hop.includes(name)));
}

/** The response's head, or undefined when the pod could not be reached. */
function forward(
  { address, port }: Endpoint,
  { method, url }: IncomingMessage,
  downstream: ServerResponse,
  headers: OutgoingHttpHeaders,
  body: Buffer,
  agent: Agent,
): Promise<IncomingMessage | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port, method, path: url, agent };
    const upstream = httpRequest({
      ...options,
      headers: { ...headers, 'content-length': body.length },
    });
    // A client that gives up must not leave a request running at the model server.
    downstream.once('close', () => upstream.destroy());
    upstream.once('response', resolve);
    upstream.once('error', (error: NodeJS.ErrnoException) => {
      const neverTaken =
        error.code === 'ECONNREFUSED' || (upstream.reusedSocket && error.code === 'ECONNRESET');
      if (neverTaken && !downstream.destroyed) resolve(undefined);
      else reject(error);
    });
    upstream.end(body);
  });
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
