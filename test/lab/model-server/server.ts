// A stand-in for vLLM: the OpenAI-compatible HTTP that the gateway, the endpoint picker and our probe see.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { completion, completionStream, modelList, notFound } from './answers.ts';
import { metrics } from './metrics.ts';

/**
 * How a server misbehaves: an answer of that status (to all requests, or evenly to that share of them), no
 * answer at all, or one after a while.
 */
export type Fault = { status: number; share?: number } | { hang: true } | { slowMs: number };

export interface ModelServerOptions {
  /** The pod's name, sent back as `x-pod`. */
  name: string;
  host: string;
  /** 0: any free one */
  port: number;
  models: readonly string[];
  adapters?: readonly string[];
}

export interface ModelServer {
  readonly address: { host: string; port: number };
  /** Served names; a test may change them. */
  readonly models: Set<string>;
  /** Set to misbehave on completions from now on, and `undefined` to stop. */
  fault: Fault | undefined;
  /** The model names of the completions asked for so far, as they arrived here. */
  readonly asked: string[];
  /** Takes no new connections, lets requests under way end, and returns. Hanging ones are cut. */
  stop(): Promise<void>;
}

export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const models = new Set(options.models);
  const asked: string[] = [];
  let running = 0;
  const hung = new Set<ServerResponse>();

  const server = createServer((request, response) => {
    response.setHeader('x-pod', options.name);
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else json(response, 500, { object: 'error', message: String(error), code: 500 });
    });
  });
  // The gateway keeps connections; closing idle ones under it would lose requests for no lesson.
  server.keepAliveTimeout = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0];
    if (request.method === 'GET' && path === '/health') return void response.end();
    if (request.method === 'GET' && path === '/v1/models') return json(response, 200, modelList([...models]));
    if (request.method === 'GET' && path === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      return void response.end(metrics({ running, adapters: options.adapters ?? [] }));
    }
    const chat = path === '/v1/chat/completions';
    if (request.method === 'POST' && (chat || path === '/v1/completions')) {
      running += 1;
      try {
        return await complete(request, response, chat);
      } finally {
        running -= 1;
      }
    }
    json(response, 404, { detail: 'Not Found' });
  }

  async function complete(request: IncomingMessage, response: ServerResponse, chat: boolean): Promise<void> {
    const body = await readJson(request);
    const model = String(body?.['model'] ?? '');
    asked.push(model);
    const { fault } = self;
    if (fault && 'hang' in fault) return void hung.add(response);
    if (fault && 'slowMs' in fault) await sleep(fault.slowMs);
    if (fault && 'status' in fault && isHit(asked.length, fault.share ?? 1)) {
      return json(response, fault.status, { object: 'error', message: 'made to fail', code: fault.status });
    }
    if (!body) return json(response, 400, { object: 'error', message: 'body is not JSON', code: 400 });
    if (!models.has(model)) return json(response, 404, notFound(model));
    if (body['stream'] !== true) return json(response, 200, completion(model, chat));
    response.setHeader('content-type', 'text/event-stream; charset=utf-8');
    for (const chunk of completionStream(model, chat)) {
      response.write(`data: ${chunk}\n\n`);
      await sleep(2); // several chunks on the wire, as from a real model
    }
    response.end();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address: host, port } = server.address() as AddressInfo;
  const self: ModelServer = {
    address: { host, port },
    models,
    fault: undefined,
    asked,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const response of hung) response.destroy();
      server.closeIdleConnections();
      // Kept connections become idle when their request ends; close() alone would wait for their peers.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      await closed;
      clearInterval(sweep);
    },
  };
  return self;
}

/** Whether the nth of a row is one of an evenly spread share. */
const isHit = (nth: number, share: number) => Math.floor(nth * share) > Math.floor((nth - 1) * share);

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
