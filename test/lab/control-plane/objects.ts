// The words the lab's client shares with its parts.

/** Whatever the API server answered. Tests look into it freely; a wrong guess fails the test, as it should. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: Json };
  [key: string]: Json;
}

/** Which object: all that is needed to find one. An absent namespace means `default` for namespaced kinds. */
export interface KubeRef {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** The API server answered, and the answer is no. */
export class KubeError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly body: unknown;

  constructor(what: string, status: number, body: unknown) {
    const answer = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const reason = typeof answer['reason'] === 'string' ? answer['reason'] : '';
    const message = typeof answer['message'] === 'string' ? answer['message'] : String(body ?? '');
    super(`${what}: ${[status, reason, message].filter(Boolean).join(': ')}`);
    this.name = 'KubeError';
    this.status = status;
    this.reason = reason;
    this.body = body;
  }
}

export function collectionPath(apiVersion: string, plural: string, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}
