import type { UserEntry } from './kubeconfig-entries.ts';

/** client-node sends the user only, and its fetch joins several groups into one. */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  const extra = Object.entries(user['as-user-extra'] ?? {}).map(([key, values]): [string, string[]] => [
    `Impersonate-Extra-${headerName(key)}`,
    values,
  ]);
  return {
    ...(user.as ? { 'Impersonate-User': user.as } : {}),
    ...(user['as-uid'] ? { 'Impersonate-Uid': user['as-uid'] } : {}),
    ...(user['as-groups'] ? { 'Impersonate-Group': user['as-groups'] } : {}),
    ...Object.fromEntries(extra),
  };
}

/** Percent-encodes what a header's name must not hold (client-go transport/round_trippers.go, headerKeyEscape). */
function headerName(key: string): string {
  return key.replaceAll(/[^!#$&'*+.^_`|~\w-]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
