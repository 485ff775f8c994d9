import type { UserEntry } from './kubeconfig-entries.ts';

/** client-node sends the user only, and its fetch joins several groups into one. */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  const extra = Object.entries(user['as-user-extra'] ?? {}).map(([key, values]): [string, string[]] => [
    `Impersonate-Extra-${encodeURIComponent(key)}`,
    values,
  ]);
  return {
    ...(user.as ? { 'Impersonate-User': user.as } : {}),
    ...(user['as-uid'] ? { 'Impersonate-Uid': user['as-uid'] } : {}),
    ...(user['as-groups'] ? { 'Impersonate-Group': user['as-groups'] } : {}),
    ...Object.fromEntries(extra),
  };
}
