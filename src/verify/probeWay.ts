import type { KubeObject } from '../api/object.ts';
import { refKey } from '../api/ref.ts';
import { poolTarget, rulesOf, type RouteRule } from '../inventory/backendRefs.ts';

/** What a request has to be like for a rule of a route to take it. */
export interface Way {
  /** With its query, if the rule asks for one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const COMPLETIONS = '/v1/completions';
export const CHAT_COMPLETIONS = '/v1/chat/completions';

interface Value {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

interface Match {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly method?: string;
  readonly headers?: readonly Value[];
  readonly queryParams?: readonly Value[];
}

/** The ways by which a completion gets to one of these pools (by refKey), the plainest first. */
export function waysTo(route: KubeObject, pools: ReadonlySet<string>): Way[] {
  const namespace = route.metadata.namespace ?? '';
  const leads = (rule: RouteRule) =>
    (rule.backendRefs ?? []).some((backend) => {
      const target = poolTarget(backend, namespace);
      return target !== null && pools.has(refKey(target));
    });
  const ways = rulesOf(route)
    .filter(leads)
    .flatMap((rule) => matchesOf(rule).flatMap((match) => wayBy(match, rule) ?? []));
  return ways.toSorted((a, b) => conditions(a) - conditions(b));
}

/** Where rules tell models apart by a header, the one for this model; else the plainest. */
export function wayFor(model: string, ways: readonly Way[]): Way | undefined {
  return ways.find(({ headers }) => Object.values(headers).includes(model)) ?? ways[0];
}

function conditions({ path, headers }: Way): number {
  return Object.keys(headers).length + (path.split(/[?&]/).length - 1) + (isCompletions(path) ? 0 : 1);
}

function isCompletions(path: string): boolean {
  return path.startsWith(COMPLETIONS);
}

function matchesOf(rule: RouteRule): readonly Match[] {
  const matches = rule['matches'] as readonly Match[] | undefined;
  return matches && matches.length > 0 ? matches : [{}];
}

// How a message is cut out of a connection is between the two ends of it: with a length of the route's own, what we send
// would be two requests to somebody.
const NOT_OURS =
  /^(content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

// Null where no request can be made up that is sure to match: another method, or a value by regular expression.
function wayBy({ path, method, headers = [], queryParams = [] }: Match, rule: RouteRule): Way | null {
  if (method !== undefined && method !== 'POST') return null;
  if ([...headers, ...queryParams].some(({ type }) => type !== undefined && type !== 'Exact')) return null;
  if (headers.some(({ name }) => NOT_OURS.test(name))) return null;
  const sent = pathBy(path ?? {}, rule);
  if (sent === null) return null;
  const query = queryParams.map(({ name, value }) => `${encode(name)}=${encode(value)}`).join('&');
  return {
    path: query ? `${sent}?${query}` : sent,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
  };
}

const encode = encodeURIComponent;

function pathBy(path: NonNullable<Match['path']>, rule: RouteRule): string | null {
  const rewrite = rewriteOf(rule);
  for (const wanted of [COMPLETIONS, CHAT_COMPLETIONS]) {
    const sent = rewrite ? rewritten(path, rewrite, wanted) : takes(path, wanted) ? wanted : null;
    if (sent !== null) return sent;
  }
  return null;
}

interface Rewrite {
  readonly type?: string;
  readonly replacePrefixMatch?: string;
  readonly replaceFullPath?: string;
}

function rewriteOf({ filters = [] }: RouteRule): Rewrite | undefined {
  const all = filters as readonly ({ urlRewrite?: { path?: Rewrite } } | null)[];
  return all.find((filter) => filter?.urlRewrite?.path)?.urlRewrite?.path;
}

// What has to be sent, so that servers get the wanted path.
function rewritten(path: NonNullable<Match['path']>, rewrite: Rewrite, wanted: string): string | null {
  const own = trimmed(path.value ?? '/');
  if (rewrite.type === 'ReplaceFullPath') return rewrite.replaceFullPath === wanted ? own || '/' : null;
  const prefix = trimmed(rewrite.replacePrefixMatch ?? '/');
  return isUnder(wanted, prefix) ? `${own}${wanted.slice(prefix.length)}` || '/' : null;
}

function takes({ type = 'PathPrefix', value = '/' }: NonNullable<Match['path']>, wanted: string): boolean {
  if (type === 'Exact') return value === wanted;
  if (type === 'PathPrefix') return isUnder(wanted, trimmed(value));
  if (isSlow(value)) return false;
  try {
    return new RegExp(`^(?:${value})$`).test(wanted);
  } catch {
    return false; // RE2 has forms that JavaScript lacks
  }
}

/** As many ways to cut a path of twenty characters as can be tried at once. */
const MOST_REPEATS = 5;

/**
 * Controllers match by RE2, which takes as long as the text; JavaScript tries every way, and a route that says `((a*)*)*b`
 * would be at it for years. So what repeats a group, or repeats often, is not looked at, and no request is made up for it.
 */
function isSlow(pattern: string): boolean {
  const repeats = pattern.match(/[*+?{]/g) ?? [];
  return repeats.length > MOST_REPEATS + (pattern.match(/\(\?/g) ?? []).length || /\)[*+{]/.test(pattern);
}

function trimmed(prefix: string): string {
  return prefix.replace(/\/$/, '');
}

// By whole segments: /v1 takes /v1/x, not /v10.
function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
