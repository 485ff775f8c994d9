// Who can log in. An API server reads its token file once, at its start, so restricted users are made in
// advance, without any right, and given out by name later.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Users without rights of their own, `user-1` … `user-24`. */
export const slots = Array.from({ length: 24 }, (_, index) => `user-${index + 1}`);

/** Has a kubeconfig whose token the server doesn't know: as after its expiry. */
export const EXPIRED = 'expired';

export const tokenFile = (dir: string): string => join(dir, 'tokens.csv');
export const certFile = (dir: string): string => join(dir, 'certs', 'apiserver.crt');
export const kubeconfigFile = (dir: string, user: string): string => join(dir, `kubeconfig-${user}`);

export function writeTokens(dir: string): void {
  const token = () => randomBytes(16).toString('hex');
  const lines = [
    `${token()},admin,admin,system:masters`,
    ...slots.map((user) => `${token()},${user},${user}`),
  ];
  writeFileSync(tokenFile(dir), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** @param login one of the token file, or EXPIRED */
export function tokenOf(dir: string, login: string): string {
  if (login === EXPIRED) return 'expired-token';
  const rows = readFileSync(tokenFile(dir), 'utf8').split('\n');
  const row = rows.map((line) => line.split(',')).find(([, name]) => name === login);
  if (!row?.[0]) throw new Error(`no user ${login} in ${tokenFile(dir)}`);
  return row[0];
}

/** @param user its name in the file; @param login whose token it is, when that is another name */
export function writeKubeconfig(
  lab: { name: string; dir: string; server: string },
  user: string,
  login = user,
): string {
  const path = kubeconfigFile(lab.dir, user);
  const ca = readFileSync(certFile(lab.dir)).toString('base64');
  const text = `apiVersion: v1
kind: Config
clusters:
- name: lab-${lab.name}
  cluster:
    server: ${lab.server}
    certificate-authority-data: ${ca}
users:
- name: ${user}
  user:
    token: ${tokenOf(lab.dir, login)}
contexts:
- name: lab-${lab.name}
  context:
    cluster: lab-${lab.name}
    user: ${user}
current-context: lab-${lab.name}
`;
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** The token in a kubeconfig that writeKubeconfig made. @throws when that user has none */
export function tokenIn(dir: string, user: string): string {
  const path = kubeconfigFile(dir, user);
  if (!existsSync(path)) throw new Error(`the lab has no user '${user}': addUser makes one`);
  return /token: (.*)/.exec(readFileSync(path, 'utf8'))![1]!;
}
