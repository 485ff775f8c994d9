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

/** The comment at the top of a backup. */
export function backupHeader(now: Date, server: string, count: number): string {
  return [
    `# kubectl infpool backup, ${now.toISOString()}, ${server}, ${count} objects.`,
    '# Put back what is not there any more: kubectl infpool restore -f THIS_FILE',
    '# It holds no Secrets and no Helm release data.',
    '',
  ].join('\n');
}
