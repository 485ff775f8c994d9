// One data plane for each Gateway, each at an address of its own.
import type { KubeObject } from '../kube.ts';
import { Addresses, ranges } from '../kubelet/addresses.ts';
import { listenersOf } from './attach.ts';
import type { DataPlane, StartDataPlane } from './data-plane.ts';
import type { RoutingTable } from './routing.ts';
import { keyOf } from './world.ts';

/** On a Gateway: the port that is served, where the first listener's own could not be bound. */
export const PORT_ANNOTATION = 'lab/port';

export class Planes {
  private readonly pool: Addresses;
  private readonly startDataPlane: StartDataPlane;
  private readonly planes = new Map<string, { plane: DataPlane; ports: number[] }>();

  constructor(server: string, startDataPlane: StartDataPlane) {
    this.pool = new Addresses(server, ranges.gateways);
    this.startDataPlane = startDataPlane;
  }

  /** Starts, restarts (when listeners' ports changed) and stops, until there is one for each of these. */
  async follow(gateways: KubeObject[]): Promise<void> {
    const wanted = new Map(gateways.map((gateway) => [keyOf(gateway), gateway]));
    for (const [key, { plane, ports }] of this.planes) {
      const gateway = wanted.get(key);
      if (gateway && portsOf(gateway).join() === ports.join()) continue;
      this.planes.delete(key);
      await plane.stop();
      this.pool.release(plane.address);
    }
    for (const [key, gateway] of wanted) {
      if (this.planes.has(key)) continue;
      const ports = portsOf(gateway);
      // Come back where clients know it, if it has been served before.
      const before = gateway['status']?.addresses?.[0]?.value as string | undefined;
      this.planes.set(key, { plane: await this.startSomewhere(ports, before), ports });
    }
  }

  async apply(key: string, table: RoutingTable): Promise<void> {
    await this.planes.get(key)?.plane.apply(table);
  }

  addresses(): Map<string, string> {
    return new Map([...this.planes].map(([key, { plane }]) => [key, plane.address]));
  }

  url(key: string): string | undefined {
    const plane = this.planes.get(key)?.plane;
    const [port] = plane?.ports.values() ?? [];
    return plane && `http://${plane.address}${port === 80 ? '' : `:${port}`}`;
  }

  unexpectedPort(key: string): string | undefined {
    const [first] = this.planes.get(key)?.plane.ports ?? [];
    return first && first[0] !== first[1] ? String(first[1]) : undefined;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.planes.values()].map(({ plane }) => plane.stop()));
    this.planes.clear();
  }

  private async startSomewhere(ports: number[], preferred: string | undefined): Promise<DataPlane> {
    let address = preferred && this.pool.reserve(preferred) ? preferred : this.pool.take();
    for (;;) {
      try {
        return await this.startDataPlane({ address, ports });
      } catch (error) {
        // Another controller of this lab is there; the address stays taken and the next one is tried.
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        address = this.pool.take();
      }
    }
  }
}

const portsOf = (gateway: KubeObject) => [...new Set(listenersOf(gateway).map(({ port }) => port))];
