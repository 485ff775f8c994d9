// The parts of a cluster that the lab plays: a node and its kubelet, model servers, a gateway controller.
import type { Kube } from '../kube.ts';
import { startGateway, type GatewayController, type GatewayOptions } from '../gateway/controller.ts';
import { startKubelet, type Kubelet } from '../kubelet/kubelet.ts';
import { ModelServers } from '../kubelet/runtime.ts';

export interface Players {
  kubelet: Kubelet;
  /** The model servers behind the pods, for faults and for what they were asked. */
  servers: ModelServers;
  gateway: GatewayController;
  stop(): Promise<void>;
}

/** In this process, so that a test can reach in. `players.main.ts` runs the same as a part of the lab. */
export async function startPlayers(
  kube: Kube,
  gatewayOptions: Omit<GatewayOptions, 'kube'> = {},
): Promise<Players> {
  const servers = new ModelServers();
  const [kubelet, gateway] = await Promise.all([
    startKubelet({ kube, runtime: servers }),
    startGateway({ kube, ...gatewayOptions }),
  ]);
  return {
    kubelet,
    servers,
    gateway,
    async stop() {
      await gateway.stop();
      await kubelet.stop();
    },
  };
}
