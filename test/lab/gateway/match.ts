// Which entry of a routing table takes a request, and which backend of it.
import { covers } from './attach.ts';
import type { Entry } from './routing.ts';
import type { RouteMatch } from './world.ts';

export interface RequestHead {
  method: string;
  host: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
}

export function findEntry(entries: readonly Entry[], request: RequestHead): Entry | undefined {
  return entries.find(
    ({ hostnames, match }) =>
      (hostnames.length === 0 || hostnames.some((hostname) => covers(hostname, request.host))) &&
      matches(match, request),
  );
}

function matches(match: RouteMatch, { method, path, query, headers }: RequestHead): boolean {
  return (
    pathMatches(match.path, path) &&
    (match.method === undefined || match.method === method) &&
    (match.headers ?? []).every((one) => valueMatches(one, String(headers[one.name.toLowerCase()] ?? ''))) &&
    (match.queryParams ?? []).every((one) => valueMatches(one, query.get(one.name) ?? ''))
  );
}

function valueMatches({ type = 'Exact', value }: { type?: string; value: string }, actual: string): boolean {
  return type === 'RegularExpression' ? new RegExp(`^(?:${value})$`).test(actual) : value === actual;
}

function pathMatches({ type = 'PathPrefix', value = '/' }: RouteMatch['path'] = {}, path: string): boolean {
  if (type === 'Exact') return path === value;
  if (type === 'RegularExpression') return new RegExp(`^(?:${value})$`).test(path);
  // By whole segments: /v1 takes /v1/x, not /v10.
  const prefix = value.replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** The Gateway API's order: exact path, longest prefix, method, most headers, most query parameters. */
export function byPrecedence(a: Entry, b: Entry): number {
  const difference = rank(b.match).map((value, index) => value - rank(a.match)[index]!);
  return difference.find((value) => value !== 0) ?? 0;
}

function rank({ path, method, headers, queryParams }: RouteMatch): number[] {
  return [
    path?.type === 'Exact' ? 1 : 0,
    path?.value?.length ?? 1,
    method === undefined ? 0 : 1,
    headers?.length ?? 0,
    queryParams?.length ?? 0,
  ];
}

/**
 * By weight; undefined when all weights are 0.
 * @param point in [0, 1)
 */
export function pick<T extends { weight: number }>(choices: readonly T[], point: number): T | undefined {
  let left = point * choices.reduce((sum, { weight }) => sum + weight, 0);
  return choices.find(({ weight }) => (left -= weight) < 0);
}

/**
 * Points that fill [0, 1) evenly from the start (an additive recurrence), so that a 50/50 split is seen as
 * one within a few requests and not only on average. Two sequences with different steps don't correlate.
 */
export function evenPoints(step: number): () => number {
  let point = 0;
  return () => (point = (point + step) % 1);
}
