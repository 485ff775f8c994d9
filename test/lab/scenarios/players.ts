// The parts of a cluster that the lab plays: a node and its kubelet, model servers, a gateway controller.
import type { Kube } from '../kube.ts';
import { startGateway, type GatewayController, type GatewayOptions } from '../gateway/controller.ts';
import { envoyPlanes } from '../data-plane/envoy-plane.ts';
import { dirOf, Pickers } from '../data-plane/pickers.ts';
import { istioProxies, startIstio } from '../istio/istio.ts';
import { startKubelet, type Kubelet } from '../kubelet/kubelet.ts';
import { startPodNetwork, type Address } from '../kubelet/pod-network.ts';
import { allOf, ModelServers } from '../kubelet/runtime.ts';
import { ensureParts } from '../parts/parts.ts';
import { dataPlaneParts } from '../parts/versions.ts';

export interface Players {
  kubelet: Kubelet;
  /** The model servers behind the pods, for faults and for what they were asked. */
  servers: ModelServers;
  /** The endpoint pickers, where they are real, for killing them. */
  pickers: Pickers | undefined;
  gateway: GatewayController;
  stop(): Promise<void>;
}

export interface PlayerOptions extends Omit<GatewayOptions, 'kube' | 'startDataPlane' | 'pickers'> {
  /** `envoy`: Envoy and real endpoint pickers instead of what plays them in this process (the default). */
  dataPlane?: 'http' | 'envoy';
  /** `istio`: Istio's own controller writes the statuses, and the data plane serves its Gateways. */
  controller?: 'played' | 'istio';
  /** pause before a picker's second restart, which doubles; a kubelet's is 10 s */
  backoffMs?: number;
}

/** In this process, so that a test can reach in. `players.main.ts` runs the same as a part of the lab. */
export async function startPlayers(kube: Kube, options: PlayerOptions = {}): Promise<Players> {
  const { dataPlane = 'http', controller = 'played', backoffMs, ...gatewayOptions } = options;
  const servers = new ModelServers();
  const real = dataPlane === 'envoy';
  if (real) await ensureParts(dataPlaneParts);
  const pickers = real ? new Pickers(kube, backoffMs === undefined ? {} : { backoffMs }) : undefined;
  const dir = dirOf(kube);
  const resolve = (one: Address) => pickers?.resolve(one) ?? one;
  const envoy: Partial<GatewayOptions> = real
    ? { pickers: 'real', startDataPlane: envoyPlanes({ dir, resolve }) }
    : {};
  const network = await startPodNetwork(dir, resolve);
  const istio = controller === 'istio' ? await startIstio(kube) : undefined;
  const proxies = istio ? istioProxies(kube) : {};
  const [kubelet, gateway] = await Promise.all([
    startKubelet({ kube, runtime: pickers ? allOf([servers, pickers]) : servers }),
    startGateway({ kube, ...gatewayOptions, ...envoy, ...proxies }),
  ]);
  return {
    kubelet,
    servers,
    pickers,
    gateway,
    async stop() {
      await gateway.stop();
      await kubelet.stop();
      await istio?.stop();
      await network.stop();
    },
  };
}
