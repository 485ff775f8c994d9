// States of a cluster that users could be in. Each needs a lab with the players up.
import type { Scenario } from '../control-plane/scenario.ts';
import type { Lab } from '../lab.ts';
import { gatewayUrl, installGkeCrds, ready, serving } from './building-blocks.ts';
import { apply } from './commands.ts';
import { fixture, fixtureNames } from './fixtures.ts';
import { migration, objectives, phase1, phase2, type Migration } from './manual.ts';
import { preview, previewAdapters, ROUTE, type Preview } from './preview.ts';
import { references } from './references.ts';
import { playersScript } from './script.ts';

/** Three teams' previews side by side, and a platform team's route into team-c under a ReferenceGrant. */
export async function namespaces(lab: Lab): Promise<Preview[]> {
  const team = (namespace: string, models: string[]) =>
    preview(lab, {
      namespace,
      release: `${namespace}-preview`,
      app: `${namespace}-vllm`,
      models,
      replicas: 1,
    });
  // The first one alone: it installs the CRDs.
  const all = [await team('team-a', Object.keys(objectives))];
  all.push(
    ...(await Promise.all([
      team('team-b', ['base-model']),
      team('team-c', ['cad-fabricator', 'tweet-summary']),
    ])),
  );
  await apply(lab, fixture('shared-route'));
  await ready(lab, 'platform', { gateway: 'shared-gateway', route: 'shared-route' });
  await serving(await gatewayUrl(lab, 'platform', 'shared-gateway'), 'tweet-summary');
  return all;
}

/** A v1 pool with the alpha pool's own name, behind a rule of its own on the same route. */
export async function namesakes(lab: Lab, namespace = 'default'): Promise<Preview> {
  const made = await preview(lab, { namespace });
  await lab.installCrds(['gie-v1.0.0']);
  await apply(lab, fixture('namesake').replace('namespace: default', `namespace: ${namespace}`), namespace);
  await ready(lab, namespace, { deployments: [`${fixtureNames.release}-ga-epp`], route: ROUTE });
  await serving(made.url, made.model, '/v1/completions');
  return made;
}

/** The manual's phases 1 and 2 done, with one of the four models forgotten. */
export async function halfDone(lab: Lab, namespace = 'default'): Promise<Preview & { by: Migration }> {
  const made = await preview(lab, { namespace });
  const { 'tweet-summary': _, ...some } = objectives;
  const by = migration({ namespace, objectives: some });
  await phase1(lab, by);
  await phase2(lab, by);
  return { ...made, by };
}

/** The preview on Istio after its upgrade to a release that serves v1 only: the alpha pool gets no traffic. */
export function onIstio(lab: Lab): Promise<Preview> {
  return preview(lab, { on: 'istio' });
}

/** The alpha CRDs are installed; nobody uses them. */
export async function nothing(lab: Lab): Promise<void> {
  await Promise.all([lab.installCrds(['gateway-api', 'gie-v0.3.0']), installGkeCrds(lab.admin)]);
}

/** A cluster that has a Gateway API and has never heard of inference. */
export async function absent(lab: Lab): Promise<void> {
  await lab.installCrds(['gateway-api']);
}

/** What `npm run lab -- up --scenario NAME` offers: the players first, then the state. */
export const scenarios: Record<string, Scenario> = {
  preview: of("upstream's preview stack v0.3.0: chart, model servers, Gateway, route, models", preview),
  'preview-adapters': of('the same, with models renamed to LoRA adapters by weight', previewAdapters),
  namespaces: of('previews of three teams, and a route to one from another namespace', namespaces),
  namesakes: of('pools of one name in both groups, on one route', namesakes),
  'half-done': of("the manual's phases 1 and 2 done by hand, one model forgotten", halfDone),
  istio: {
    ...of('the preview on real Istio, which serves v1 only and says InvalidKind of it', onIstio),
    extra: [playersScript({ controller: 'istio' })],
  },
  references: of('three namespaces with everything that can point at a pool, and what must stay', references),
  nothing: of('the alpha CRDs installed, and nothing of them', nothing),
  absent: of('no inference CRDs at all', absent),
};

function of(summary: string, make: (lab: Lab) => Promise<unknown>): Scenario {
  // CRDs are its own affair: on a lab with a later release, an earlier one must not be put over it.
  return { summary, crds: [], extra: [playersScript()], setUp: async (lab) => void (await make(lab)) };
}
