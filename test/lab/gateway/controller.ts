// The lab's gateway controller: watches, decides (pure functions next door), serves, writes statuses.
import { setTimeout as sleep } from 'node:timers/promises';
import { collectionPath } from '../control-plane/objects.ts';
import { KubeError, type Kube, type KubeObject } from '../kube.ts';
import { ownGateways } from './attach.ts';
import { Cache } from './cache.ts';
import type { StartDataPlane } from './data-plane.ts';
import { startHttpPlane } from './http-plane.ts';
import { Planes, PORT_ANNOTATION } from './planes.ts';
import { routingTable } from './routing.ts';
import { statuses, type StatusWrite } from './statuses.ts';
import { behaviour, keyOf, kinds, type Behaviour } from './world.ts';

export interface GatewayOptions extends Partial<Omit<Behaviour, 'refusedRoutes'>> {
  kube: Kube;
  startDataPlane?: StartDataPlane;
  /** False: someone else is the controller, and this only the data plane. */
  writesStatuses?: boolean;
  /** Told where a Gateway is served, each time it has been looked at. */
  onServed?: (gateway: KubeObject, address: string) => Promise<void>;
  onError?: (error: unknown) => void;
}

/** What a test can set at runtime. */
export interface Faults {
  /** Gateways are said not to be programmed. */
  notProgrammed?: boolean;
  /** These routes, `namespace/name`, are said not to be accepted, and are not served. */
  refusedRoutes?: string[];
  /** No status is written any more, so what stands goes stale. Traffic follows the objects all the same. */
  frozen?: boolean;
}

export async function startGateway(options: GatewayOptions): Promise<GatewayController> {
  const controller = new GatewayController(options);
  await controller.start();
  return controller;
}

const RETRY_MS = 300;

export class GatewayController {
  private readonly kube: Kube;
  private readonly cache: Cache;
  private readonly planes: Planes;
  private readonly played: Behaviour;
  private readonly onError: (error: unknown) => void;
  private readonly onServed: GatewayOptions['onServed'];
  private readonly writesStatuses: boolean;
  private faults: Faults = {};
  private dirty = false;
  private stopped = false;
  private loop: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const {
      kube,
      startDataPlane = startHttpPlane,
      writesStatuses = true,
      onServed,
      onError,
      ...played
    } = options;
    this.kube = kube;
    this.writesStatuses = writesStatuses;
    this.onServed = onServed;
    this.cache = new Cache(kube);
    this.planes = new Planes(kube.options.server, startDataPlane);
    this.played = behaviour(played);
    this.onError = onError ?? ((error) => console.error(`gateway: ${String(error)}`));
  }

  async start(): Promise<void> {
    await this.cache.start(
      () => this.reconcile(),
      (error) => this.onError(error),
    );
    this.reconcile();
  }

  /** `http://ADDRESS[:PORT]` of a Gateway's first listener; undefined while it is not served. */
  url(namespace: string, name: string): string | undefined {
    return this.planes.url(`${namespace}/${name}`);
  }

  /** From now on; replaces what was set before. */
  setFaults(faults: Faults): void {
    this.faults = faults;
    this.reconcile();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.cache.stop();
    await this.loop;
    await this.planes.stop();
  }

  private reconcile(): void {
    this.dirty = true;
    this.loop ??= this.run().finally(() => {
      this.loop = undefined;
      // A change that came in between the loop's last look and here.
      if (this.dirty && !this.stopped) this.reconcile();
    });
  }

  private async run(): Promise<void> {
    while (this.dirty && !this.stopped) {
      // Events come in bursts; one look at the end of each is enough.
      await sleep(5);
      this.dirty = false;
      try {
        await this.once();
      } catch (error) {
        // The object went or changed under us: its event is on the way.
        if (error instanceof KubeError && [404, 409].includes(error.status)) continue;
        this.onError(error);
        await sleep(RETRY_MS);
        this.dirty = true;
      }
    }
  }

  private async once(): Promise<void> {
    const world = this.cache.world();
    const played: Behaviour = {
      ...this.played,
      programmed: !this.faults.notProgrammed,
      refusedRoutes: new Set(this.faults.refusedRoutes),
    };
    const gateways = ownGateways(world, played);
    await this.planes.follow(gateways);
    // Traffic first: whoever reads a status may count on what it says.
    for (const gateway of gateways)
      await this.planes.apply(keyOf(gateway), routingTable(world, played, gateway));
    for (const gateway of gateways) {
      const address = this.planes.addresses().get(keyOf(gateway));
      if (address !== undefined) await this.onServed?.(gateway, address);
    }
    if (this.faults.frozen) return;
    const now = new Date().toISOString().replace(/\.\d+/, '');
    if (this.writesStatuses)
      for (const write of statuses(world, played, this.planes.addresses(), now)) await this.write(write);
    for (const gateway of gateways) await this.tellPort(gateway);
  }

  /**
   * Only onto the version that was decided on: another controller may have written its own entry into the
   * same list meanwhile. Then, as when the object is gone, its event is on the way and brings us back.
   */
  private async write({ kind, object, status }: StatusWrite): Promise<void> {
    const [apiVersion, plural] = kinds[kind];
    const { name, namespace, resourceVersion } = object.metadata;
    const path = `${collectionPath(apiVersion, plural, namespace)}/${name}/status`;
    const headers = { 'content-type': 'application/merge-patch+json' };
    try {
      await this.kube.request('PATCH', path, { metadata: { resourceVersion }, status }, headers);
    } catch (error) {
      if (!(error instanceof KubeError && [404, 409].includes(error.status))) throw error;
    }
  }

  /** A status has no place for a port, so one that is not the listener's is told by an annotation. */
  private async tellPort(gateway: KubeObject): Promise<void> {
    const port = this.planes.unexpectedPort(keyOf(gateway)) ?? null;
    if ((gateway.metadata['annotations']?.[PORT_ANNOTATION] ?? null) === port) return;
    const { apiVersion, kind, metadata } = gateway;
    const ref = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? 'default' };
    await this.kube.mergePatch(ref, { metadata: { annotations: { [PORT_ANNOTATION]: port } } });
  }
}
