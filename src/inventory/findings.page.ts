import type { FindingPages } from '../api/page.ts';
import { CUSTOM_RESOURCES, GKE_MIGRATION, gie, HTTP_ROUTE } from '../api/sources.ts';

export const INVENTORY_PAGES = {
  'name-in-both-groups': {
    title: 'An InferencePool of this name exists in both groups',
    severity: ['info'],
    means:
      'While both CRDs are installed there are two kinds called InferencePool, one of inference.networking.x-k8s.io (alpha) and one of inference.networking.k8s.io (v1), and here each has an object of the same name in the same namespace.',
    known: 'The pools of both groups are listed and compared by namespace and name.',
    matters:
      '"kubectl get inferencepools NAME" shows only one of the two, and "kubectl delete" takes only one, not always the one that is meant. Istio names the shadow Service of a pool by a hash of its name alone, so that two pools of one name get in each other\'s way.',
    cure: [
      'Always say the group, in scripts too:',
      '$ kubectl get -n NAMESPACE inferencepools.inference.networking.x-k8s.io/NAME',
      '$ kubectl get -n NAMESPACE inferencepools.inference.networking.k8s.io/NAME',
      'It ends by itself when the alpha pool is cleaned up.',
    ],
    sources: [
      GKE_MIGRATION,
      gie('v1.0.0', 'config/crd/bases/inference.networking.k8s.io_inferencepools.yaml'),
    ],
  },
  'counterpart-ambiguous': {
    title: 'Several v1 pools could take over from this alpha pool',
    severity: ['error'],
    means:
      'More than one v1 pool of the namespace looks like the successor of this alpha pool, and none says that it is.',
    known:
      'In this order: what --pair says; the annotation kubectl-infpool/migrated-from; a rule of a route that names the two side by side; the usual name with the same selector; the one pair of the namespace with the same selector.',
    matters:
      'Traffic of one pool must not be sent to the model servers of another. So nothing is split, converted or cleaned up on a guess.',
    cure: [
      'Say which one it is, for this command:',
      '$ kubectl infpool status -n NAMESPACE --pair OLD=NEW',
      'Or for good, in the cluster:',
      '$ kubectl annotate -n NAMESPACE inferencepools.inference.networking.k8s.io/NEW kubectl-infpool/migrated-from=OLD',
    ],
    sources: [GKE_MIGRATION],
  },
  'model-without-pool': {
    title: 'An InferenceModel names an alpha pool that is not there',
    severity: ['warning'],
    means: 'spec.poolRef of the InferenceModel names an alpha InferencePool that does not exist.',
    known: 'All alpha pools could be listed, and none has this namespace and name.',
    matters:
      'No request goes through it, so it serves nobody; but while it is there v1alpha2 counts as in use, and the alpha CRDs cannot be deleted.',
    cure: [
      'See what it is:',
      '$ kubectl get -n NAMESPACE inferencemodels.inference.networking.x-k8s.io/NAME -o yaml',
      'If nothing needs it, delete it (at its source, if Git or Helm made it):',
      '$ kubectl delete -n NAMESPACE inferencemodels.inference.networking.x-k8s.io/NAME',
    ],
    sources: [gie('v0.3.0', 'api/v1alpha2/inferencemodel_types.go')],
  },
  'backend-not-found': {
    title: 'A route points at an alpha pool that is not there',
    severity: ['warning'],
    means: 'A backendRef or a mirror of an HTTPRoute names an alpha InferencePool that does not exist.',
    known: 'All alpha pools could be listed, and none has this namespace and name.',
    matters:
      'Requests that the rule sends there are answered with 500 by most Gateways; a mirror gets nothing. A controller that is upgraded to v1 may reject the whole rule for it.',
    cure: [
      'See the rule:',
      '$ kubectl get -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE -o yaml',
      'Take the reference out, or put the pool back from a backup of ours:',
      '$ kubectl infpool restore -f BACKUP',
    ],
    sources: [HTTP_ROUTE],
  },
  'reference-to-nothing': {
    title: 'A ReferenceGrant or a policy names an alpha pool that is not there',
    severity: ['info'],
    means: 'Something that only makes sense for an alpha pool is left over: the pool is gone.',
    known: 'All alpha pools could be listed, and none has this namespace and name.',
    matters: 'Nothing happens to requests. It is litter that misleads whoever reads it next.',
    cure: [
      'Look at it with the command of the finding, and delete the entry where it comes from (Git, Helm, by hand).',
    ],
    sources: [gie('v0.3.0', 'config/charts/inferencepool/templates/gke.yaml')],
  },
  'version-not-served': {
    title: 'A CRD is installed, but the version that we need is not served',
    severity: ['warning'],
    means:
      'The CustomResourceDefinition exists, but its spec.versions does not serve v1alpha2 (for the alpha group) or v1.',
    known: 'The CRD was read, and the API server answers 404 for a list of that version.',
    matters:
      'Objects may be stored and cannot be seen through this version: "none found" then does not mean that there are none.',
    cure: [
      'See which versions there are, which are served, and which one is stored:',
      '$ kubectl get customresourcedefinitions.apiextensions.k8s.io NAME -o yaml',
      'Install the CRDs of the release that the cluster is to have:',
      '$ kubectl infpool crds',
      '$ kubectl infpool crds install --dry-run=server -o diff',
    ],
    sources: [CUSTOM_RESOURCES],
  },
  'alpha-crds-left': {
    title: 'No v1alpha2 object is left, but its CRDs are',
    severity: ['info'],
    means: 'The migration is done but for the two alpha CRDs, which are empty.',
    known: 'Pools and models of v1alpha2 were listed in all namespaces, and there are none.',
    matters:
      'While they are installed "kubectl get inferencepools" stays ambiguous, and someone can make a new alpha pool by mistake.',
    cure: [
      'Delete them; cleanup looks again in every namespace first:',
      '$ kubectl infpool cleanup --crds --dry-run=client',
      '$ kubectl infpool cleanup --crds',
    ],
    sources: [GKE_MIGRATION],
  },
} satisfies FindingPages;
