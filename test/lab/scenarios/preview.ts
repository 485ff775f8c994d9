// The preview stack, as upstream's guide for v0.3.0 on GKE puts it up.
import type { Lab } from '../lab.ts';
import { chartDir } from '../parts/modules.ts';
import { ensureNamespace, ensurePreviewCrds, gatewayUrl, ready, serving } from './building-blocks.ts';
import { ISTIO_CLASS } from '../istio/istio.ts';
import { apply, helm } from './commands.ts';
import { fixture, fixtureNames, fixtureObjects, toYaml, type Names } from './fixtures.ts';

export interface PreviewOptions extends Partial<Names> {
  namespace?: string;
  /** how many model servers; default 3 */
  replicas?: number;
  /** names of the InferenceModels to take of the fixture; default: all */
  models?: string[];
  /** instead: models with targetModels that rename to LoRA adapters */
  adapters?: boolean;
  /**
   * Whose cluster it stands in; default GKE's. Istio ≥ 1.28 doesn't serve alpha pools, so there nothing is
   * waited for but what can be.
   */
  on?: 'gke' | 'istio';
}

export interface Preview extends Names {
  namespace: string;
  gateway: string;
  route: string;
  /** base URL of the Gateway, a request to which was served */
  url: string;
  /** a model name that is served */
  model: string;
}

export const GATEWAY = 'inference-gateway';
export const ROUTE = 'llm-route';

/** Needs the players (see players.ts) to be up; returns when a request is served (on GKE). */
export async function preview(lab: Lab, options: PreviewOptions = {}): Promise<Preview> {
  const { namespace = 'default', replicas = 3, adapters = false, on = 'gke' } = options;
  const names: Names = { ...fixtureNames, ...options };
  await ensurePreviewCrds(lab);
  if (namespace !== 'default') await ensureNamespace(lab, namespace);

  const objects = fixtureObjects(adapters ? 'inference-models-adapters' : 'inference-models', names);
  const models = objects.filter(({ metadata }) => options.models?.includes(metadata.name) ?? true);
  const servers = fixtureObjects('model-servers', names).map((object) => ({
    ...object,
    spec: { ...object['spec'], replicas },
  }));
  const yaml = [
    toYaml([...servers, ...models]),
    // Istio makes its GatewayClass itself.
    ...(on === 'gke' ? [fixture('gateway-class', names)] : []),
    fixture('gateway', names).replace(/(gatewayClassName: ).*/, on === 'gke' ? '$&' : `$1${ISTIO_CLASS}`),
    fixture('route', names),
  ].join('---\n');
  await Promise.all([installChart(lab, namespace, names, on), apply(lab, yaml, namespace)]);

  await ready(lab, namespace, {
    deployments: [names.app, `${names.release}-epp`],
    gateway: GATEWAY,
    ...(on === 'gke' ? { route: ROUTE } : {}),
  });
  const url = await gatewayUrl(lab, namespace, GATEWAY);
  const model = models[0]!['spec'].modelName as string;
  if (on === 'gke') await serving(url, model);
  return { ...names, namespace, gateway: GATEWAY, route: ROUTE, url, model };
}

/** Models whose public names are not those the servers know: trap 2 of the domain facts. */
export function previewAdapters(lab: Lab, options: PreviewOptions = {}): Promise<Preview> {
  return preview(lab, { ...options, adapters: true });
}

async function installChart(
  lab: Lab,
  namespace: string,
  { release, app }: Names,
  on: 'gke' | 'istio',
): Promise<void> {
  // The chart of v0.3.0 knows gke and none.
  const provider = on === 'gke' ? 'gke' : 'none';
  const values = [`inferencePool.modelServers.matchLabels.app=${app}`, `provider.name=${provider}`];
  const sets = values.flatMap((value) => ['--set', value]);
  // Not plain `install`: one scenario may be put over another that has the preview already.
  const install = ['upgrade', '--install', release, await chartDir('v0.3.0')];
  await helm(lab, [...install, '--namespace', namespace, ...sets]);
}
