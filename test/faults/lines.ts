// The command lines that faults are tried on, and where each begins.
import { crdFolder } from '../e2e/support.ts';

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
}

export interface Line {
  readonly name: string;
  readonly from: StateName;
  readonly args: (at: At) => readonly string[];
  readonly writes: boolean;
  /** What stdout says holds times. */
  readonly timed?: true;
  /** Lists come in pages of one. */
  readonly paged?: true;
  /** Says nothing where it can't look, by its contract. */
  readonly quiet?: true;
}

const READS = ['--request-timeout=4s'];
const WRITES = [...READS, '--yes', '--timeout=6s'];

const reads = (name: string, from: StateName, args: (at: At) => readonly string[], more = {}): Line => ({
  name,
  from,
  args: (at) => [...args(at), ...READS],
  writes: false,
  ...more,
});
const writes = (name: string, from: StateName, args: (at: At) => readonly string[], more = {}): Line => ({
  name,
  from,
  args: (at) => [...args(at), ...WRITES],
  writes: true,
  ...more,
});

export const READING: readonly Line[] = [
  reads('detect -o json', 'parallel', () => ['detect', '-o', 'json']),
  reads('detect', 'parallel', () => ['detect', '-o', 'wide']),
  reads('detect -n', 'preview', ({ namespace }) => ['detect', '-n', namespace]),
  reads('detect, page by page', 'parallel', () => ['detect', '-o', 'json'], { paged: true }),
  reads('status', 'half', () => ['status', '-o', 'json']),
  reads('status -n', 'switched', ({ namespace }) => ['status', '-n', namespace]),
  reads('verify', 'half', ({ namespace }) => ['verify', '-n', namespace, '--no-probe', '-o', 'json']),
  reads('convert', 'preview', ({ namespace }) => ['convert', '-n', namespace]),
  reads('convert -o script', 'preview', ({ namespace }) => ['convert', '-n', namespace, '-o', 'script']),
  reads('crds', 'parallel', () => ['crds']),
  reads('version', 'parallel', () => ['version', '-o', 'json']),
  reads('split --dry-run=server', 'parallel', ({ namespace }) => [
    ...['split', '25', '-n', namespace, '--dry-run=server', '--yes'],
  ]),
  {
    name: 'completion of pools',
    from: 'parallel',
    args: ({ namespace }) => ['__complete', 'cleanup', '-n', namespace, ''],
    writes: false,
    quiet: true,
  },
];

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
    { timed: true },
  ),
];

export function crdsOfV1(): Promise<string> {
  return crdFolder('v1.0.0');
}
