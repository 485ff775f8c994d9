import type { KubeObject } from '../api/object.ts';

// Set by the server at creation. Owner references go too: by uid they would point at nothing, and the garbage collector
// would delete what was just restored.
const SERVER_META = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'ownerReferences',
  'finalizers',
];

/** The object as it can be created again: spec, labels and annotations as they were. Secrets are never backed up. */
export function backupOf(object: KubeObject): KubeObject | null {
  if (object.kind === 'Secret') return null;
  const { status: _status, ...rest } = object;
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([key]) => !SERVER_META.includes(key)),
  );
  const cleaned = { ...rest, metadata } as KubeObject;
  if (object.kind === 'Service') {
    // Cluster IPs may have been given to someone else by then.
    const { clusterIP, clusterIPs: _ips, ...spec } = (object['spec'] ?? {}) as Record<string, unknown>;
    cleaned['spec'] = clusterIP === 'None' ? { ...spec, clusterIP } : spec;
  }
  return cleaned;
}

/** `infpool-backup-20261123T171400Z.yaml` */
export function backupFileName(now: Date): string {
  return `infpool-backup-${now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}.yaml`;
}

/** What is said at the top of a backup. */
export interface BackupHeader {
  /** Where the objects were. */
  readonly server: string;
  /** What went was to be replaced by the same run: one that was interrupted goes on by this file. */
  readonly underWay: boolean;
}

const UNDER_WAY = '# Of migrate --simple: where that was interrupted, the same command goes on by this file.';

/** The comment at the top of a backup. */
export function backupHeader(now: Date, server: string, count: number, underWay = false): string {
  return [
    `# kubectl infpool backup, ${now.toISOString()}, ${server}, ${count} objects.`,
    '# Put back what is not there any more: kubectl infpool restore -f THIS_FILE',
    '# It holds no Secrets and no Helm release data.',
    ...(underWay ? [UNDER_WAY] : []),
    '',
  ].join('\n');
}

/** Null for what does not begin like a backup. */
export function readBackupHeader(text: string): BackupHeader | null {
  const lines = text.slice(0, LONGEST_HEADER).split('\n', 4);
  const server = /^# kubectl infpool backup, [^,\s]+, (\S+), \d+ objects\.$/.exec(lines[0]!)?.[1];
  return server === undefined ? null : { server, underWay: lines[3] === UNDER_WAY };
}

const LONGEST_HEADER = 10_000;
