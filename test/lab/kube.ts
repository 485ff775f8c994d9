// A thin client for the lab's own needs: plain objects over node:https on one keep-alive agent. It shares
// nothing with the product's client on purpose, so that tests don't check the product with itself.
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import {
  collectionPath,
  KubeError,
  type Json,
  type KubeObject,
  type KubeRef,
} from './control-plane/objects.ts';
import { Resources } from './control-plane/resources.ts';
import { watch, type OnEvent } from './control-plane/watch.ts';

export { KubeError, type Json, type KubeObject, type KubeRef } from './control-plane/objects.ts';

export interface KubeOptions {
  server: string;
  token: string;
  /** PEM */
  ca: string;
}

export class Kube {
  readonly options: KubeOptions;
  readonly resources = new Resources((path) => this.request('GET', path));
  private readonly agent: Agent;

  constructor(options: KubeOptions) {
    this.options = options;
    this.agent = new Agent({ keepAlive: true, ca: options.ca });
  }

  /**
   * One request; the answer parsed when it is JSON, as text otherwise.
   * @throws KubeError for any status of 400 and above
   */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Json> {
    const response = await this.send(method, path, body, headers);
    const answer = parse(await text(response));
    const status = response.statusCode ?? 0;
    if (status >= 400) throw new KubeError(`${method} ${path}`, status, answer);
    return answer;
  }

  async get(ref: KubeRef): Promise<KubeObject | undefined> {
    try {
      return await this.request('GET', await this.path(ref));
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  async list(apiVersion: string, plural: string, namespace?: string): Promise<KubeObject[]> {
    const list = await this.request('GET', collectionPath(apiVersion, plural, namespace));
    const kind = String(list.kind).replace(/List$/, '');
    // Items of a list carry neither apiVersion nor kind for built-in kinds.
    return (list.items as KubeObject[]).map((item) => ({ ...item, apiVersion, kind: item.kind ?? kind }));
  }

  /** Server-side apply, taking over fields of others. As a person would: another name would own what it applies. */
  async apply(object: KubeObject, manager = 'kubectl-lab'): Promise<KubeObject> {
    const path = await this.path(refOf(object));
    const query = `?fieldManager=${encodeURIComponent(manager)}&force=true`;
    return this.request('PATCH', path + query, object, { 'content-type': 'application/apply-patch+yaml' });
  }

  /** Merge-patches the status subresource with the object's status. */
  async applyStatus(object: KubeObject): Promise<KubeObject> {
    const path = await this.path(refOf(object));
    const patch = { status: object['status'] };
    return this.request('PATCH', `${path}/status`, patch, { 'content-type': 'application/merge-patch+json' });
  }

  async mergePatch(ref: KubeRef, patch: unknown): Promise<KubeObject> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    return this.request('PATCH', await this.path(ref), patch, headers);
  }

  /** Deletes and waits until the object is gone (or another one of that name stands there). */
  async delete(ref: KubeRef, timeoutSeconds = 60): Promise<void> {
    const uid = (await this.get(ref))?.metadata['uid'];
    if (uid === undefined) return;
    const path = await this.path(ref);
    await this.request('DELETE', path, { propagationPolicy: 'Background' }).catch((error: unknown) => {
      if (!(error instanceof KubeError && error.status === 404)) throw error;
    });
    const end = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      const now = await this.get(ref);
      if (now === undefined || now.metadata['uid'] !== uid) return;
      if (Date.now() > end) throw new Error(`DELETE ${path}: still there after ${timeoutSeconds} s`);
      await sleep(50);
    }
  }

  /**
   * Lists, then watches, until the signal aborts: reconnects, relists on 410 (telling what changed in
   * between), and waits for a kind that is not installed yet.
   * @throws KubeError when the server says that it will never work (401, 403)
   */
  watch(apiVersion: string, plural: string, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
    return watch(this, apiVersion, plural, onEvent, signal);
  }

  /** The raw response, for streams. The caller reads it and checks its status. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const options = {
      method,
      agent: this.agent,
      headers: {
        authorization: `Bearer ${this.options.token}`,
        accept: 'application/json',
        // The length too: Node sends a DELETE's body without saying how long it is.
        ...(payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
        ...headers,
      },
      ...(signal ? { signal } : {}),
    };
    const once = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const request = httpsRequest(this.options.server + path, options, resolve);
        request.on('error', (error) => reject(Object.assign(error, { reused: request.reusedSocket })));
        request.end(payload);
      });
    return once().catch((error: NodeJS.ErrnoException & { reused?: boolean }) => {
      // The server closed an idle connection just as we picked it up; nothing was processed.
      if (error.reused && error.code === 'ECONNRESET') return once();
      throw error;
    });
  }

  private async path(ref: KubeRef): Promise<string> {
    const resource = await this.resources.find(ref.apiVersion, ref.kind);
    const namespace = resource.namespaced ? (ref.namespace ?? 'default') : undefined;
    return `${collectionPath(ref.apiVersion, resource.plural, namespace)}/${encodeURIComponent(ref.name)}`;
  }
}

/** Every object of a multi-document YAML text; empty documents dropped, Lists flattened. */
export function parseManifests(yaml: string): KubeObject[] {
  const objects = loadAll(yaml).filter((document) => document !== null && document !== undefined);
  return (objects as KubeObject[]).flatMap((object) =>
    /List$/.test(object.kind) && Array.isArray(object['items'])
      ? (object['items'] as KubeObject[])
      : [object],
  );
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
