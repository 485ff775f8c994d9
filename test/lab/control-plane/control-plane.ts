// From nothing to an API server that answers, in the order that is fastest.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kube } from '../kube.ts';
import type { Children } from './children.ts';
import { canConnect, freePort } from './ports.ts';
import {
  apiserverArgs,
  controllerManagerArgs,
  etcdArgs,
  writeEgress,
  writeServiceAccountKey,
} from './programs.ts';
import type { KeeperOptions } from './protocol.ts';
import { certFile, EXPIRED, tokenOf, writeKubeconfig, writeTokens } from './users.ts';
import { startVersionProxy } from './version-proxy.ts';

const READY_SECONDS = 180;
const ATTEMPTS = 3;

/** @returns the server's URL, as users are to see it */
export async function startControlPlane(
  options: KeeperOptions,
  dir: string,
  children: Children,
): Promise<string> {
  writeTokens(dir);
  writeServiceAccountKey(dir);
  writeEgress(dir);
  const securePort = await retryTakenPorts(() => startServer(options, dir, children));

  const port = options.proxy ? await startProxy(options, dir, securePort) : securePort;
  const lab = { name: options.name, dir, server: `https://127.0.0.1:${port}` };
  for (const user of ['admin', EXPIRED]) writeKubeconfig(lab, user);
  const controllerManager = options.programs['kube-controller-manager'];
  if (controllerManager) {
    children.start('kube-controller-manager', controllerManager, controllerManagerArgs(dir, securePort));
  }
  return lab.server;
}

class PortTaken extends Error {}

/** Between choosing a free port and listening on it, someone else may take it. */
async function retryTakenPorts<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function startServer(options: KeeperOptions, dir: string, children: Children): Promise<number> {
  const { programs } = options;
  const [client, peer, secure] = [await freePort(), await freePort(), await freePort()];
  const started: ChildProcess[] = [];
  const start = (name: 'etcd' | 'kube-apiserver', args: string[]) => {
    const child = children.start(name, programs[name], args);
    started.push(child);
    return () => assertRunning(child, name, children);
  };
  try {
    const etcd = start('etcd', etcdArgs(dir, { client, peer }));
    // An API server that finds no etcd at first tries again only after a second.
    await until('etcd to listen', () => (etcd(), canConnect(client)));
    const apiserver = start('kube-apiserver', apiserverArgs(dir, { secure, etcd: client }));
    await until('the certificate of kube-apiserver', () => (apiserver(), existsSync(certFile(dir))));
    const kube = new Kube({
      server: `https://127.0.0.1:${secure}`,
      token: tokenOf(dir, 'admin'),
      ca: readFileSync(certFile(dir), 'utf8'),
    });
    await until('kube-apiserver to be ready', async () => {
      apiserver();
      return kube.request('GET', '/readyz').then(
        () => true,
        () => false,
      );
    });
    return secure;
  } catch (error) {
    for (const child of started) await children.kill(child);
    for (const entry of ['etcd', 'certs']) rmSync(join(dir, entry), { recursive: true, force: true });
    throw error;
  }
}

async function startProxy(options: KeeperOptions, dir: string, upstreamPort: number): Promise<number> {
  const port = await freePort();
  const { gitVersion } = options;
  const cert = certFile(dir);
  await startVersionProxy({
    port,
    upstreamPort,
    gitVersion,
    certFile: cert,
    keyFile: cert.replace(/crt$/, 'key'),
  });
  return port;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + READY_SECONDS * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${READY_SECONDS} s for ${what}`);
    await sleep(20);
  }
}

function assertRunning(child: ChildProcess, name: string, children: Children): void {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) return;
  const log = children.logTail(name);
  const message = `${name} did not start:\n${log}`;
  throw /address already in use/.test(log) ? new PortTaken(message) : new Error(message);
}
