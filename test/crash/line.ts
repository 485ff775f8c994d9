// The line between a program and the API server, where it can be cut at an exact place: just before the k-th write gets
// through, or just after the server has done it and before anybody hears of it.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Kube } from '../lab/kube.ts';

/** A write that came by, by its place in the row. */
export interface Write {
  /** `PATCH /apis/…`, without its query */
  readonly text: string;
  /** Who sent it: the command itself, or the helm that it ran. */
  readonly by: 'infpool' | 'helm';
}

/** `before`: it never got through. `after`: it did, and the answer never came. `during`: it and all that follow get through. */
export type Moment = 'before' | 'during' | 'after';

export interface Cut {
  /** Counted from 0. */
  readonly write: number;
  readonly moment: Moment;
  /** Ends the program; the line does nothing more for it until that has resolved. */
  readonly kill: () => Promise<void>;
}

export interface Line {
  /** For a kubeconfig's `server`. */
  readonly url: string;
  /** Writes since the last `begin`. */
  readonly writes: Write[];
  /** Forgets what came by, and says where to cut. */
  begin(cut?: Cut): void;
  stop(): Promise<void>;
}

/** Stands before the API server, as its administrator. */
export async function startLine(kube: Kube): Promise<Line> {
  const tls = kube.options.server.startsWith('https:');
  const agent = new Agent({ keepAlive: true, ca: kube.options.ca });
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  let cut: Cut | undefined;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await contents(incoming);
    const { method = '', url = '' } = incoming;
    const here = isWrite(method, url) && self.writes.push(writeOf(incoming)) - 1;
    const due = here !== false && here === cut?.write ? cut : undefined;
    if (due?.moment === 'before') {
      await due.kill();
      outgoing.destroy();
      return;
    }
    if (due?.moment === 'during') await due.kill();
    const { host: _, ...headers } = incoming.headers;
    const options = { method, headers: { ...headers, authorization: `Bearer ${kube.options.token}` } };
    const send = (done: (answer: IncomingMessage) => void) =>
      tls
        ? httpsRequest(kube.options.server + url, { ...options, agent }, done)
        : httpRequest(kube.options.server + url, options, done);
    const upstream = send((answer) => {
      if (due?.moment === 'after')
        return void contents(answer)
          .then(due.kill)
          .finally(() => outgoing.destroy());
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders(); // a watch may have nothing to say for a long time
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => outgoing.destroy());
    // A write that has got through is done, whether or not anybody waits for the answer.
    if (here === false) outgoing.on('close', () => upstream.destroy());
    upstream.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: Line = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: [],
    begin(wanted) {
      self.writes.splice(0);
      cut = wanted;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
  return self;
}

// Reviews of permissions are questions, whatever their method; dry runs change nothing; a claim is renewed by the clock.
function isWrite(method: string, url: string): boolean {
  if (url.includes('/leases/') && method !== 'DELETE') return false;
  return method !== 'GET' && method !== 'HEAD' && !/dryRun=|\/authorization\.k8s\.io\//.test(url);
}

function writeOf({ method, url = '', headers }: IncomingMessage): Write {
  const by = headers['user-agent']?.startsWith('kubectl-infpool') ? 'infpool' : 'helm';
  return { text: `${method} ${url.split('?')[0]}`, by };
}

async function contents(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
