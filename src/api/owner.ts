import type { Owner } from './inventory.ts';
import { qualifiedRef } from './ref.ts';

/** `Helm release NAME`, for messages. */
export function describeOwner(owner: Owner): string {
  const what = {
    Helm: 'Helm release',
    ArgoCD: owner.name === '' ? 'an Argo CD application' : 'Argo CD application',
    Flux: `Flux ${FLUX_KINDS[owner.group ?? ''] ?? ''}`.trim(),
    ConfigSync: 'Config Sync',
    Fleet: 'Rancher Fleet bundle',
    ApplySet: 'ApplySet',
    Inventory: 'the inventory (kpt live or the like)',
    Controller: 'controller',
    FieldManager: 'field manager',
  }[owner.kind];
  const group = owner.kind === 'Controller' && owner.group ? ` (${owner.group})` : '';
  return `${what} ${owner.name}`.trim() + group;
}

const FLUX_KINDS: Readonly<Record<string, string>> = {
  'kustomize.toolkit.fluxcd.io': 'Kustomization',
  'helm.toolkit.fluxcd.io': 'HelmRelease',
};

/** Where to make the change instead, with the next command: one or two sentences. */
export function ownerAdvice(owner: Owner): string {
  const name = inCommand(owner.name);
  const namespace = inCommand(owner.namespace);
  switch (owner.kind) {
    case 'Helm':
      return `Change it in the chart's values or templates, then helm upgrade ${name} CHART -n ${namespace}. Which value makes this field cannot be told from the cluster; what is set: helm get values ${name} -n ${namespace}`;
    case 'ArgoCD':
      return `Change it in the Git source of the application. Which one that is: kubectl get applications.argoproj.io ${name === '' ? '-A' : `${named(name, namespace)} -o yaml`}`;
    case 'Flux':
      return owner.group === 'helm.toolkit.fluxcd.io'
        ? `Change the values or the chart of its HelmRelease in Git. Which values make this field cannot be told from the cluster; see them: kubectl get helmreleases.helm.toolkit.fluxcd.io ${named(name, namespace)} -o yaml`
        : `Change it in the Git source of its Kustomization: kubectl get kustomizations.kustomize.toolkit.fluxcd.io ${named(name, namespace)} -o yaml`;
    case 'ConfigSync':
      return 'Change it in the source of its RootSync or RepoSync: kubectl get rootsyncs.configsync.gke.io,reposyncs.configsync.gke.io -A';
    case 'Fleet':
      return 'Change it in the Git repository of its bundle: kubectl get gitrepos.fleet.cattle.io,bundles.fleet.cattle.io -A (on the management cluster)';
    case 'Inventory':
      return 'Change it in the package that is applied, then apply that again (kpt live apply, or what it is applied with).';
    case 'ApplySet':
      return 'Change it in the manifests that are applied as this set, then apply those again.';
    case 'Controller':
      return controllerAdvice(owner);
    case 'FieldManager':
      return `Change it in the manifest that ${TOOLS.find(([pattern]) => pattern.test(name))?.[1] ?? name} applies.`;
  }
}

// Annotations hold what anyone wrote into them; what is no name must not get into a command line.
function inCommand(name: string): string {
  return /^(?!-)[\w./-]*$/.test(name) ? name : 'NAME';
}

const TOOLS: readonly [RegExp, string][] = [
  [/^argocd-/, 'Argo CD'],
  [/^(kustomize|helm)-controller$/, 'Flux'],
  [/^flagger$/, 'Flagger'],
  [/^(rollouts-controller|argo-rollouts|gatewayAPI)$/, 'Argo Rollouts'],
  [/^pulumi/, 'Pulumi'],
  [/^(terraform|hashicorp)/i, 'Terraform'],
  [/^crossplane/, 'Crossplane'],
  [/^configsync/, 'Config Sync'],
];

// kubectl takes no name together with -A.
function named(name: string, namespace: string): string {
  return namespace === '' ? `-A --field-selector metadata.name=${name}` : `${name} -n ${namespace}`;
}

// What each controller makes of its object is its own matter; so is when it learns v1.
const CONTROLLERS: readonly [group: string, kind: string | null, advice: string][] = [
  [
    'serving.kserve.io',
    null,
    'KServe writes the route and the pool from it, and moves both to v1 by a release of its own: upgrade KServe, or change',
  ],
  [
    'aigateway.envoyproxy.io',
    'AIGatewayRoute',
    'Envoy AI Gateway writes the HTTPRoute from it: change the backendRefs of',
  ],
  ['ray.io', null, 'KubeRay writes it: change'],
  [
    'argoproj.io',
    'Rollout',
    'Argo Rollouts writes the weights of the route while a canary is under way: let it finish and start no other until the migration is done, or take the route out of',
  ],
  [
    'flagger.app',
    'Canary',
    'Flagger writes the whole HTTPRoute, with backends of kind Service only: take the route out of its hands in spec.service of',
  ],
];

function controllerAdvice({ name, namespace, group = '' }: Owner): string {
  const [kind = '', object = ''] = name.split('/');
  const advice = CONTROLLERS.find(([ours, its]) => ours === group && (its === null || its === kind))?.[2];
  const self = qualifiedRef({ group, version: '', kind, namespace, name: object });
  const edit = `kubectl edit${namespace === '' ? '' : ` -n ${inCommand(namespace)}`} ${inCommand(self)}`;
  return `${advice ?? 'Its controller writes it: change'} the ${kind}: ${edit}`;
}
