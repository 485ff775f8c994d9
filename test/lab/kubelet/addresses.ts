// Loopback addresses that no other lab on the machine uses: 127.A.B.0/24, A and B being the two bytes of the
// API server's port, which is this lab's own for as long as it is up.
import type { KubeObject } from '../kube.ts';
import { modelServerArguments } from '../model-server/arguments.ts';

/** The part of the lab's range a player hands out; both ends included. */
export const ranges = { gateways: [2, 99], pods: [100, 254] } as const;

export class Addresses {
  private readonly prefix: string;
  private readonly range: readonly [number, number];
  private readonly taken = new Set<string>();

  /** @param server the API server's URL */
  constructor(server: string, range: readonly [number, number]) {
    const port = Number(new URL(server).port || 443);
    this.prefix = `127.${port >> 8}.${port & 255}.`;
    this.range = range;
  }

  /** @throws when all are taken */
  take(): string {
    for (let last = this.range[0]; last <= this.range[1]; last++) {
      const address = this.prefix + last;
      if (this.reserve(address)) return address;
    }
    throw new Error(`no address left in ${this.prefix}${this.range.join('-')}`);
  }

  /** Takes this very one; false when it is taken or not of this range. */
  reserve(address: string): boolean {
    const last = Number(address.slice(this.prefix.length));
    const ours = address.startsWith(this.prefix) && last >= this.range[0] && last <= this.range[1];
    if (!ours || this.taken.has(address)) return false;
    this.taken.add(address);
    return true;
  }

  release(address: string): void {
    this.taken.delete(address);
  }
}

/**
 * The address a pod reports in its status. EndpointSlices refuse loopback addresses (ValidateEndpointIP in
 * k8s.io/kubernetes), so a pod that a Service may select says 10.A.B.x for 127.A.B.x. A model server tells
 * the truth: the endpoint picker scrapes it, and Envoy calls it, at the address in its status.
 */
export function reportedAddress(pod: KubeObject, loopback: string): string {
  return modelServerArguments(pod) ? loopback : loopback.replace(/^127\./, '10.');
}

/** Where the process behind a reported address really listens. */
export function loopbackOf(reported: string): string {
  return reported.replace(/^10\./, '127.');
}
