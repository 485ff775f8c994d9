// A data plane that is Envoy: one process for each Gateway, told what changes by files that are moved into place.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../control-plane/ports.ts';
import { hold, type Held } from '../control-plane/protocol.ts';
import type { DataPlane, StartDataPlane } from '../gateway/data-plane.ts';
import type { RoutingTable } from '../gateway/routing.ts';
import { ensureParts } from '../parts/parts.ts';
import { EnvoyAdmin } from './envoy-admin.ts';
import { bootstrap } from './envoy-bootstrap.ts';
import { clusterResource, clustersOf, endpointsFile, endpointsResource } from './envoy-clusters.ts';
import type { Address, Cluster } from './envoy-clusters.ts';
import { routeConfiguration, routesName } from './envoy-routes.ts';

export interface EnvoyOptions {
  /** the lab's folder */
  dir: string;
  /** where a picker's address and port really are */
  resolve: (endpoint: Address) => Address;
}

export function envoyPlanes({ dir, resolve }: EnvoyOptions): StartDataPlane {
  return async ({ address, ports: wanted }) => {
    const { envoy } = await ensureParts(['envoy']);
    const ports = new Map<number, number>();
    for (const port of wanted) ports.set(port, await bindable(address, port));
    const folder = join(dir, 'envoy', address);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });

    const admin = { address: '127.0.0.1', port: await freePort() };
    const plane = new EnvoyPlane(address, ports, folder, resolve, new EnvoyAdmin(admin));
    plane.prepare();
    const config = join(folder, 'bootstrap.json');
    writeFileSync(config, JSON.stringify(bootstrap({ dir: folder, address, ports, admin })));
    // prettier-ignore
    const args = ['-c', config, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warn',
      '--drain-time-s', '1'];
    const held = await hold(dir, { name: `envoy-${address}`, program: envoy, args });
    await plane.started(held);
    return plane;
  };
}

class EnvoyPlane implements DataPlane {
  readonly address: string;
  readonly ports: ReadonlyMap<number, number>;
  private readonly folder: string;
  private readonly resolve: EnvoyOptions['resolve'];
  private readonly admin: EnvoyAdmin;
  private readonly clusters = new Map<string, Cluster>();
  /** File → the version it holds. */
  private readonly versions = new Map<string, string>();
  private held: Held | undefined;
  private running = false;

  constructor(
    address: string,
    ports: ReadonlyMap<number, number>,
    folder: string,
    resolve: EnvoyOptions['resolve'],
    admin: EnvoyAdmin,
  ) {
    this.address = address;
    this.ports = ports;
    this.folder = folder;
    this.resolve = resolve;
    this.admin = admin;
  }

  /** The files that Envoy wants to find at its start. */
  prepare(): void {
    this.write('clusters.json', []);
    for (const port of this.ports.keys())
      this.write(`${routesName(port)}.json`, [routeConfiguration({ port, entries: [] })]);
  }

  async started(held: Held): Promise<void> {
    this.held = held;
    this.running = true;
    void held.exited.then(() => {
      if (this.running) console.error(`gateway: Envoy at ${this.address} has ended`);
      this.running = false;
    });
    await this.admin.ready(() => this.running);
  }

  async apply(table: RoutingTable): Promise<void> {
    if (!this.running) return;
    const expected = new Map<string, string>();
    const put = (file: string, resources: object[], stat: string) => {
      if (this.write(file, resources)) expected.set(stat, this.versions.get(file)!);
    };
    const wanted = clustersOf(table, this.resolve);
    // What is no longer named keeps its cluster, with the endpoints it had, for what is under way.
    for (const cluster of wanted) this.clusters.set(cluster.name, cluster);
    for (const cluster of this.clusters.values()) {
      put(endpointsFile(cluster.name), [endpointsResource(cluster)], EnvoyAdmin.endpointsStat(cluster.name));
    }
    const all = [...this.clusters.values()].map((cluster) => clusterResource(cluster, this.folder));
    put('clusters.json', all, EnvoyAdmin.clustersStat);
    // Routes last: they may name only what is there.
    await this.admin.until(expected);
    expected.clear();
    for (const listener of table.listeners) {
      const name = routesName(listener.port);
      put(`${name}.json`, [routeConfiguration(listener)], EnvoyAdmin.routesStat(name));
    }
    await this.admin.until(expected);
    // The main thread knows; its worker does within moments.
    if (expected.size > 0) await sleep(20);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.held?.stop();
    this.admin.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @returns whether that is news */
  private write(file: string, resources: object[]): boolean {
    const version = createHash('sha256').update(JSON.stringify(resources)).digest('hex').slice(0, 16);
    if (this.versions.get(file) === version) return false;
    this.versions.set(file, version);
    const path = join(this.folder, file);
    writeFileSync(`${path}.new`, JSON.stringify({ version_info: version, resources }));
    renameSync(`${path}.new`, path);
    return true;
  }
}

/** The port, or any where it needs rights that we don't have. @throws EADDRINUSE */
async function bindable(address: string, port: number): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(wanted, address, () => server.close(() => resolve(wanted)));
    });
  return attempt(port).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    return attempt(await freePort());
  });
}
