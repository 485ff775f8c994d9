// The seam: the controller decides what is served, a data plane serves it.
import type { RoutingTable } from './routing.ts';

export interface DataPlane {
  /** The loopback address it listens on, which becomes the Gateway's. */
  readonly address: string;
  /** Listener port → port really bound; they differ where low ports are not allowed. */
  readonly ports: ReadonlyMap<number, number>;
  /** Requests that begin after it returns go by this table; those under way end as they began. */
  apply(table: RoutingTable): void | Promise<void>;
  stop(): Promise<void>;
}

/** @throws an error with code EADDRINUSE when the address is someone else's */
export type StartDataPlane = (options: { address: string; ports: number[] }) => Promise<DataPlane>;
