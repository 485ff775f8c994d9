// Where the demo plays: a lab with a preview stack on it, and something that answers at the Gateway's address.
import { gatewayUrl, serving } from '../../test/lab/scenarios/building-blocks.ts';
import { GATEWAY, ROUTE } from '../../test/lab/scenarios/preview.ts';
import { play, scenario } from '../../test/lab/control-plane/scenario.ts';
import { playersScript } from '../../test/lab/scenarios/script.ts';
import { startLab, type Lab } from '../../test/lab/lab.ts';

export interface Stage {
  lab: Lab;
  /** base URL of the Gateway */
  url: string;
  /** a model name that is served */
  model: string;
  /** model names that load may ask for */
  models: string[];
  gateway: string;
  route: string;
  /** the Helm releases, and so the pools, before and after */
  preview: string;
  ga: string;
}

/** How requests are answered. */
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
    return stageOn(lab);
  },
};

export const live: Setting = {
  about:
    "Real: etcd, kube-apiserver, kube-controller-manager, kubectl, helm, upstream's charts and CRDs, Envoy as the Gateway's data plane, and upstream's endpoint pickers v0.3.0 (alpha) and v1.0.1 (v1), run with their Deployments' own arguments and rights. Played by the lab: the node, the Gateway's controller with the statuses that GKE writes, and the model servers (stubs that answer like vLLM).",
  async setUp(labName) {
    const lab = await startLab({ quiet: true, ...(labName === undefined ? {} : { name: labName }) });
    await play({ ...(await scenario('preview')), extra: [playersScript({ dataPlane: 'envoy' })] }, lab);
    const stage = await stageOn(lab);
    // A picker hears of each model in its own time.
    await Promise.all(stage.models.map((model) => serving(stage.url, model)));
    return stage;
  },
};

async function stageOn(lab: Lab): Promise<Stage> {
  const model = 'meta-llama/Llama-3.1-8B-Instruct';
  return {
    lab,
    url: await gatewayUrl(lab, 'default', GATEWAY),
    model,
    models: [model, 'food-review'],
    gateway: GATEWAY,
    route: ROUTE,
    preview: 'vllm-llama3-8b-instruct-preview',
    ga: 'vllm-llama3-8b-instruct-ga',
  };
}
