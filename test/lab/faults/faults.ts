// What can go wrong between a client and an API server, one by one. Each says what becomes of one request.

/** An answer that is put in place of the server's. */
export interface Canned {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Fault = {
  readonly id: string;
  /** The server carries the request out; only its answer is lost or another one. Such a fault is for writes. */
  readonly reaches?: true;
} & (
  | { readonly does: 'answer'; readonly with: Canned }
  /**
   * `refuse`: the connection is closed and no other is taken. `reset`: the connection breaks. `resetStream`: one request
   * of it breaks (over HTTP/1.1 that is the connection). `hang`: no answer, for ever.
   */
  | { readonly does: 'refuse' | 'reset' | 'resetStream' | 'hang' }
  /** Of the server's own answer: `half` and then the connection breaks; `truncate`: half, as if it were all; `drip`: slowly. */
  | { readonly does: 'half' | 'truncate' | 'drip' }
);

const JSON_TYPE = { 'content-type': 'application/json' };

function status(code: number, reason: string, message: string, more: object = {}): Canned {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return { status: code, headers: JSON_TYPE, body: JSON.stringify({ ...body, ...more }) };
}

const json = (body: unknown, code = 200): Canned => ({
  status: code,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});
const page = (code: number): Canned => ({
  status: code,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>',
});
const answer = (id: string, canned: Canned): Fault => ({ id, does: 'answer', with: canned });

const TOO_MANY = status(429, 'TooManyRequests', 'too many requests, please try again later');
const EXPIRED = status(
  410,
  'Expired',
  'The provided continue parameter is too old to display a consistent list',
);
const UNAVAILABLE = status(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
const ETCD = status(500, 'InternalError', 'etcdserver: request timed out');
const GATEWAY_TIMEOUT = status(504, 'Timeout', 'request did not complete within the allotted timeout');

/** In place of the server's answer; the server never hears of the request. */
export const BEFORE: readonly Fault[] = [
  { id: 'refuse', does: 'refuse' },
  { id: 'reset before the answer', does: 'reset' },
  { id: 'stream reset before the answer', does: 'resetStream' },
  { id: 'hang', does: 'hang' },
  answer('401', status(401, 'Unauthorized', 'Unauthorized')),
  answer('403', status(403, 'Forbidden', 'forbidden: User "someone" cannot do that')),
  answer('404 with a Status', status(404, 'NotFound', 'the server could not find the requested resource')),
  answer('404 of an unknown kind', {
    status: 404,
    headers: { 'content-type': 'text/plain' },
    body: '404 page not found\n',
  }),
  answer('404 with HTML', page(404)),
  answer(
    '409',
    status(409, 'Conflict', 'the object has been modified; please apply your changes to the latest version'),
  ),
  answer('410', EXPIRED),
  answer('413', status(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728')),
  answer('422', status(422, 'Invalid', 'it is invalid: spec: Invalid value')),
  answer('429', TOO_MANY),
  answer('429 with Retry-After', { ...TOO_MANY, headers: { ...JSON_TYPE, 'retry-after': '1' } }),
  answer(
    '500',
    status(500, 'InternalError', 'an error on the server has prevented the request from succeeding'),
  ),
  answer('502 with HTML', page(502)),
  answer('503', UNAVAILABLE),
  answer('504', GATEWAY_TIMEOUT),
  answer('{} with 200', json({})),
  answer('null with 200', json(null)),
  answer(
    'a list of nothing we know',
    json({ kind: 'List', apiVersion: 'v1', metadata: {}, items: [null, 7, {}] }),
  ),
  answer(
    'an empty list of another kind',
    json({ kind: 'ThingList', apiVersion: 'v1', metadata: {}, items: [] }),
  ),
  answer(
    'another object',
    json({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'another', namespace: 'elsewhere' } }),
  ),
  answer('a failure with 200', json({ ...(JSON.parse(UNAVAILABLE.body) as object) })),
  answer('nothing with 200', { status: 200, headers: JSON_TYPE, body: '' }),
  answer('204', { status: 204, body: '' }),
  answer('HTML with 200', page(200)),
  answer('redirect', { status: 302, headers: { location: 'https://login.example.com/' }, body: '' }),
  answer('redirect to the same place', { status: 307, headers: { location: '/version' }, body: '' }),
];

/** Of the server's own answer. For a write it is an answer that was lost. */
export const OF_THE_ANSWER: readonly Fault[] = [
  { id: 'reset in the middle of the answer', does: 'half', reaches: true },
  { id: 'truncated JSON', does: 'truncate', reaches: true },
  { id: 'very slow body', does: 'drip', reaches: true },
];

/** The server has done it; we are told otherwise. Only for writes: a read of which the answer is lost is as if unread. */
export const LOST: readonly Fault[] = [
  { id: 'answer lost', does: 'reset', reaches: true },
  { id: 'answer lost, stream reset', does: 'resetStream', reaches: true },
  { id: 'done, then silence', does: 'hang', reaches: true },
  { id: 'done, then 500', does: 'answer', with: ETCD, reaches: true },
  { id: 'done, then 502', does: 'answer', with: page(502), reaches: true },
  { id: 'done, then 503', does: 'answer', with: UNAVAILABLE, reaches: true },
  { id: 'done, then 504', does: 'answer', with: GATEWAY_TIMEOUT, reaches: true },
  { id: 'done, then {}', does: 'answer', with: json({}), reaches: true },
  { id: 'done, then HTML', does: 'answer', with: page(200), reaches: true },
];

/** After these an ordinary client tries again, and the same request then works. */
export const TRANSIENT: ReadonlySet<string> = new Set([
  'reset before the answer',
  'stream reset before the answer',
  'reset in the middle of the answer',
  '429 with Retry-After',
  '503',
  '502 with HTML',
]);
