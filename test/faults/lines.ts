// The command lines that faults are tried on, and where each begins.
import { crdFolder } from '../e2e/support.ts';
import { OF_V1 } from './definitions.ts';

/** Where a namespace stands before a command: see Ground. */
export type StateName = 'preview' | 'parallel' | 'half' | 'switched' | 'cleaned';

export interface At {
  readonly namespace: string;
  /** A file that is not there yet, for a backup. */
  readonly backup: string;
  /** The backup of what was cleaned up. */
  readonly written: string;
  /** Folder of the v1 CRDs. */
  readonly crds: string;
  /** Where the Gateway would listen. */
  readonly gateway: string;
  readonly limits: Limits;
}

/** What a command line is told of time, as flags say it. */
export interface Limits {
  readonly request: string;
  readonly wait: string;
}

export interface Line {
  readonly name: string;
  readonly from: StateName;
  readonly args: (at: At) => readonly string[];
  readonly writes: boolean;
  /** What stdout says holds times. */
  readonly timed?: true;
  /** It sends requests to where the Gateway listens, and a fault is met there: that is what it has to find. */
  readonly probes?: true;
  /** Lists come in pages of one. */
  readonly paged?: true;
  /** Says nothing where it can't look, by its contract. */
  readonly quiet?: true;
  /** It installs or deletes CRDs; these are not there when it begins. */
  readonly withoutCrds?: readonly string[];
  /** Tried over HTTP/1.1, too: for all commands there is one transport. */
  readonly http1?: true;
  /** It makes the same requests again at each of its steps. */
  readonly steps?: true;
  /** Only these of its requests: the others are those of another line, which has them. */
  readonly only?: RegExp;
}

const timeLimit = ({ limits }: At) => [`--request-timeout=${limits.request}`];

const reads = (name: string, from: StateName, args: (at: At) => readonly string[], more = {}): Line => ({
  name,
  from,
  args: (at) => [...args(at), ...timeLimit(at)],
  writes: false,
  ...more,
});
const writes = (name: string, from: StateName, args: (at: At) => readonly string[], more = {}): Line => ({
  name,
  from,
  args: (at) => [...args(at), ...timeLimit(at), '--yes', `--timeout=${at.limits.wait}`],
  writes: true,
  ...more,
});

const completes = (what: string, words: (at: At) => readonly string[]): Line => ({
  name: `completion of ${what}`,
  from: 'parallel',
  args: (at) => ['__complete', ...words(at)],
  writes: false,
  quiet: true,
});

export const READING: readonly Line[] = [
  reads('detect -o json', 'parallel', () => ['detect', '-o', 'json'], { http1: true }),
  reads('detect', 'parallel', () => ['detect', '-o', 'wide']),
  reads('detect -n', 'preview', ({ namespace }) => ['detect', '-n', namespace]),
  reads('detect, page by page', 'parallel', () => ['detect', '-o', 'json'], {
    paged: true,
    only: /continue$/,
  }),
  reads('status', 'half', () => ['status', '-o', 'json']),
  reads('status -n', 'switched', ({ namespace }) => ['status', '-n', namespace]),
  reads('verify', 'half', ({ namespace }) => ['verify', '-n', namespace, '--no-probe', '-o', 'json']),
  reads(
    'verify with requests',
    'half',
    ({ namespace, gateway, limits }) => [
      ...['verify', '-n', namespace, '-o', 'json', '--address', gateway, '--probes', '2'],
      `--probe-timeout=${limits.request}`,
    ],
    { timed: true, probes: true, only: /^PROBE / },
  ),
  reads('convert', 'preview', ({ namespace }) => ['convert', '-n', namespace]),
  reads('convert -o script', 'preview', ({ namespace }) => ['convert', '-n', namespace, '-o', 'script']),
  reads(
    'report -o markdown',
    'half',
    ({ namespace }) => ['report', '-n', namespace, '--no-probe', '-o', 'markdown'],
    { timed: true },
  ),
  reads('auth --check', 'parallel', ({ namespace }) => ['auth', 'split', '--check', '-n', namespace]),
  reads('crds', 'parallel', () => ['crds']),
  reads('version', 'parallel', () => ['version', '-o', 'json']),
  reads('split --dry-run=server', 'parallel', ({ namespace }) => [
    ...['split', '25', '-n', namespace, '--dry-run=server', '--yes'],
  ]),
  completes('pools', ({ namespace }) => ['cleanup', '-n', namespace, '']),
  completes('routes', ({ namespace }) => ['split', '-n', namespace, '']),
  completes('namespaces', () => ['detect', '-n', '']),
];

/** What `migrate --cleanup` reads, `migrate` and `cleanup` read, too; what it does is to be tried where both are one. */
const OWN_OF_BOTH = /^(PATCH|DELETE|POST) (?!.*accessreviews)|\/leases/;

export const WRITING: readonly Line[] = [
  writes('split 50', 'parallel', ({ namespace }) => ['split', '50', '-n', namespace]),
  writes('split 100', 'half', ({ namespace }) => ['split', '100', '-n', namespace]),
  writes('rollback', 'switched', ({ namespace }) => ['rollback', '-n', namespace]),
  writes('convert --apply', 'preview', ({ namespace, crds }) => [
    ...['convert', '--apply', '-n', namespace, '--epp', 'none', '--crds-from', crds],
  ]),
  writes('cleanup', 'switched', ({ namespace, backup }) => [
    ...['cleanup', '-n', namespace, '--no-probe', '--backup', backup],
  ]),
  writes('restore', 'cleaned', ({ written }) => ['restore', '-f', written]),
  writes(
    'migrate',
    'preview',
    ({ namespace, crds }) => [
      ...['migrate', '-n', namespace, '--epp', 'none', '--crds-from', crds],
      ...['--no-probe', '--steps', '50,100', '--interval', '0s'],
    ],
    { timed: true, steps: true },
  ),
  writes(
    'migrate --cleanup',
    'switched',
    ({ namespace, crds, backup }) => [
      ...['migrate', '-n', namespace, '--epp', 'none', '--crds-from', crds],
      ...['--no-probe', '--interval', '0s', '--cleanup', '--backup', backup],
    ],
    { timed: true, only: OWN_OF_BOTH },
  ),
];

/** The others `cleanup` makes, too. */
const OF_CRDS = /customresourcedefinitions|v1alpha2\/inference|\/apis(\/|$)[^/]*$/;

/** What changes a whole cluster: on one ground, alone. */
export const ALONE: readonly Line[] = [
  writes(
    'cleanup --crds',
    'cleaned',
    ({ namespace, backup }) => ['cleanup', '--crds', '-n', namespace, '--no-probe', '--backup', backup],
    { withoutCrds: [], only: OF_CRDS },
  ),
  writes(
    'crds install --from',
    'preview',
    ({ crds }) => ['crds', 'install', '--release', 'v1.0.0', '--from', crds],
    { withoutCrds: [OF_V1] },
  ),
];

export function crdsOfV1(): Promise<string> {
  return crdFolder('v1.0.0');
}
