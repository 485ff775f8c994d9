// How each program is started. Everything listens on loopback; nothing is kept after the lab.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certFile, kubeconfigFile, tokenFile } from './users.ts';

const serviceAccountKey = (dir: string) => join(dir, 'service-account.key');

export function writeServiceAccountKey(dir: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'sec1', format: 'pem' });
  writeFileSync(serviceAccountKey(dir), pem, { mode: 0o600 });
}

/** Where the API server asks for a way to pods; nobody is there until the lab has a kubelet. */
export const podsSocket = (dir: string): string => join(dir, 'pods.sock');

export function writeEgress(dir: string): void {
  const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: podsSocket(dir) } } };
  const config = {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [{ name: 'cluster', connection }],
  };
  writeFileSync(egressFile(dir), JSON.stringify(config));
}

const egressFile = (dir: string) => join(dir, 'egress.json');

export function etcdArgs(dir: string, ports: { client: number; peer: number }): string[] {
  const client = `http://127.0.0.1:${ports.client}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  return [
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // A lab that outlives a power cut is of no use, and the only member elects itself: no need to wait.
    '--unsafe-no-fsync',
    '--heartbeat-interval=10',
    '--election-timeout=100',
    '--log-level=warn',
  ];
}

export function apiserverArgs(dir: string, ports: { secure: number; etcd: number }): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--secure-port=${ports.secure}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // It would write 127.0.0.1 into the endpoints of Service kubernetes, which validation refuses.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${join(certFile(dir), '..')}`,
    `--service-account-key-file=${serviceAccountKey(dir)}`,
    `--service-account-signing-key-file=${serviceAccountKey(dir)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.96.0.0/16',
    `--token-auth-file=${tokenFile(dir)}`,
    '--authorization-mode=RBAC',
    `--egress-selector-config-file=${egressFile(dir)}`,
    // Nothing here runs with a mounted service account, and pods need not wait for one to appear.
    '--disable-admission-plugins=ServiceAccount',
  ];
}

export function controllerManagerArgs(dir: string, securePort: number): string[] {
  const controllers = [
    'deployment',
    'replicaset',
    'endpointslice',
    'endpoint',
    'namespace',
    'garbagecollector',
    'serviceaccount',
    'serviceaccount-token',
  ];
  return [
    `--kubeconfig=${kubeconfigFile(dir, 'admin')}`,
    `--master=https://127.0.0.1:${securePort}`, // as in a real control plane: not through what stands in front
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${serviceAccountKey(dir)}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
}
