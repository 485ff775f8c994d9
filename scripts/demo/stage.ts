// Where the demo plays: a lab with a preview stack on it, and something that answers at the Gateway's address.
import { gatewayUrl } from '../../test/lab/scenarios/building-blocks.ts';
import { GATEWAY, ROUTE } from '../../test/lab/scenarios/preview.ts';
import { play, scenario } from '../../test/lab/control-plane/scenario.ts';
import { startLab, type Lab } from '../../test/lab/lab.ts';

export interface Stage {
  lab: Lab;
  /** base URL of the Gateway */
  url: string;
  /** a model name that is served */
  model: string;
  gateway: string;
  route: string;
  /** the Helm releases, and so the pools, before and after */
  preview: string;
  ga: string;
}

/** How requests are answered. A live one, with real Envoy and endpoint pickers, takes its place beside this. */
export interface Setting {
  /** what is real and what is played, for people */
  about: string;
  /** everything stands and serves when this resolves */
  setUp(labName: string | undefined): Promise<Stage>;
}

export const played: Setting = {
  about:
    "Real: etcd, kube-apiserver, kube-controller-manager, kubectl, helm, upstream's chart and CRDs. Played by the lab: the node, the Gateway's controller with the statuses that GKE writes, the endpoint pickers' choice, and the model servers (stubs that answer like vLLM).",
  async setUp(labName) {
    const lab = await startLab({ quiet: true, ...(labName === undefined ? {} : { name: labName }) });
    await play(await scenario('preview'), lab);
    return {
      lab,
      url: await gatewayUrl(lab, 'default', GATEWAY),
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      gateway: GATEWAY,
      route: ROUTE,
      preview: 'vllm-llama3-8b-instruct-preview',
      ga: 'vllm-llama3-8b-instruct-ga',
    };
  },
};
