// Known vulnerabilities of the packages in the lockfile, those for development too: they build and sign what people run.
import { spawn } from 'node:child_process';
import type { Allowed } from './allowed.ts';

/** One vulnerability that is known of a package in the lockfile. */
export interface Advisory {
  readonly id: string;
  readonly package: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

/** `unknown`: nobody could be asked, so nothing is known; that is not `none`. */
export type Audit =
  | { readonly state: 'answered'; readonly advisories: readonly Advisory[] }
  | { readonly state: 'unknown'; readonly why: string };

export interface Verdict {
  readonly ok: boolean;
  readonly word: 'ok  ' | 'FAIL' | '?   ';
  readonly lines: readonly string[];
}

const PATIENCE_MS = 60_000;

/** Asks the registry by npm's own audit. */
export async function askRegistry(npm = 'npm'): Promise<Audit> {
  const args = ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=20000', '--loglevel=error'];
  const child = spawn(npm, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  // Not by spawn's own limit: that one goes on when there is no such program.
  const limit = setTimeout(() => child.kill(), PATIENCE_MS);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const failed = await new Promise<Error | null>((resolve) =>
    child.on('error', resolve).on('close', () => resolve(null)),
  );
  clearTimeout(limit);
  return failed ? { state: 'unknown', why: failed.message } : readReport(printed);
}

interface Via {
  readonly name?: string;
  readonly title?: string;
  readonly url?: string;
  readonly severity?: string;
}

interface Report {
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly vulnerabilities?: Record<string, { readonly via?: readonly (Via | string)[] }>;
  readonly metadata?: {
    readonly vulnerabilities?: { readonly total?: number };
    readonly dependencies?: { readonly total?: number };
  };
}

const unknown = (why: string): Audit => ({ state: 'unknown', why });

/** What `npm audit --json` printed. A report without its own count is none: an error looks much like one. */
export function readReport(printed: string): Audit {
  let report: Report | null;
  try {
    report = JSON.parse(printed) as Report | null;
  } catch {
    report = null;
  }
  const { vulnerabilities, metadata, message, error } = report ?? {};
  const total = metadata?.vulnerabilities?.total;
  if (!vulnerabilities || total === undefined || !metadata?.dependencies?.total)
    return unknown([message, error?.summary].find(Boolean) ?? 'npm audit printed no report');
  const advisories = advisoriesOf(Object.values(vulnerabilities).flatMap(({ via = [] }) => via));
  if (total > 0 && advisories.length === 0) return unknown(`npm audit counted ${total} and named none`);
  return { state: 'answered', advisories };
}

// A name alone stands for a package further down, which has an entry of its own.
function advisoriesOf(all: readonly (Via | string)[]): Advisory[] {
  const found = all.flatMap((via): Advisory[] => {
    if (typeof via === 'string') return [];
    const { name = '', title = '', url = '', severity = '' } = via;
    return [{ id: url.split('/').at(-1)!, package: name, severity, title, url }];
  });
  return [...new Map(found.map((entry) => [`${entry.id} ${entry.package}`, entry])).values()];
}

const LONGEST_DAYS = 184;
const DAY_MS = 86_400_000;

/**
 * @param today `YYYY-MM-DD`
 * @param must fail where nobody could be asked
 */
export function judge(audit: Audit, allowed: readonly Allowed[], today: string, must: boolean): Verdict {
  const wrong = allowed.flatMap((entry) => {
    const problem = problemOf(entry, today);
    return problem === null ? [] : [`allowed.ts: ${entry.advisory} in ${entry.package}: ${problem}`];
  });
  if (audit.state === 'unknown') {
    const line = `could not check for known vulnerabilities: ${audit.why}`;
    const ok = !must && wrong.length === 0;
    return { ok, word: ok ? '?   ' : 'FAIL', lines: [line, ...wrong] };
  }
  const isAllowed = (advisory: Advisory) =>
    allowed.some((entry) => entry.advisory === advisory.id && entry.package === advisory.package);
  const lines = audit.advisories
    .filter((advisory) => !isAllowed(advisory))
    .map(({ package: name, severity, title, url }) => `${name}: ${severity}: ${title} (${url})`);
  const unused = allowed
    .filter(
      ({ advisory, package: name }) =>
        !audit.advisories.some(({ id, package: its }) => id === advisory && its === name),
    )
    .map(
      ({ advisory, package: name }) =>
        `allowed.ts: ${advisory} in ${name}: it is not reported any more; take it out`,
    );
  const all = [...lines, ...wrong, ...unused];
  return { ok: all.length === 0, word: all.length === 0 ? 'ok  ' : 'FAIL', lines: all };
}

function problemOf({ reason, until }: Allowed, today: string): string | null {
  if (reason.trim().length < 20) return 'it gives no reason';
  const ends = Date.parse(until);
  if (!/^\d{4}-\d\d-\d\d$/.test(until) || Number.isNaN(ends)) return `"${until}" is no date`;
  if (until < today) return `it was allowed until ${until}`;
  return ends - Date.parse(today) > LONGEST_DAYS * DAY_MS ? 'it is allowed for more than half a year' : null;
}
