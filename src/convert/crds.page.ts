import type { FindingPages } from '../api/page.ts';
import { GKE_MIGRATION, gie, RBAC } from '../api/sources.ts';

const PAST = 'Nothing goes past it.';

export const CRD_PAGES = {
  'gke-crd-missing': {
    title: 'GKE should have brought the v1 InferencePool CRD, and has not',
    severity: ['error'],
    means:
      'From 1.34.0-gke.1626000 on GKE installs and updates the CRD of the v1 InferencePool itself. This server is of such a version, and the CRD is not there.',
    known: "The server's version and the installed CRDs are read.",
    matters:
      'It must not be applied by hand on this version: GKE and you would overwrite each other. So nothing is installed, and without it there can be no v1 pool.',
    cure: [
      'See whether Gateway API is switched on for the cluster:',
      '$ gcloud container clusters describe CLUSTER --format="value(networkConfig.gatewayApiConfig.channel)"',
      'Switch it on (CHANNEL_STANDARD), wait some minutes, and look again:',
      '$ kubectl infpool crds',
    ],
    past: PAST,
    sources: [GKE_MIGRATION],
  },
  'server-version-unread': {
    title: "The server's version is not known",
    severity: ['error'],
    means: 'GET /version failed, so it is not known whether GKE owns the CRD of the v1 InferencePool.',
    known: 'The API server was asked for its version.',
    matters:
      'On GKE from 1.34.0-gke.1626000 on that CRD must never be applied by hand. Nothing is written on a guess.',
    cure: [
      'See what it answers:',
      '$ kubectl get --raw /version',
      'Then run it again:',
      '$ kubectl infpool crds',
    ],
    past: PAST,
    sources: [GKE_MIGRATION],
  },
  'crd-unread': {
    title: 'It is not known whether this CRD is installed',
    severity: ['error'],
    means: 'The CustomResourceDefinition could not be read, for example because you may not.',
    known: 'The API server answered neither with the CRD nor with 404.',
    matters:
      'Installing could put an older bundle over a newer one, or touch what GKE owns. Nothing is written on what could not be read.',
    cure: [
      'See whether you may:',
      '$ kubectl auth can-i get customresourcedefinitions.apiextensions.k8s.io',
      'Ask for that right, or let someone who has it run:',
      '$ kubectl infpool crds install',
    ],
    past: PAST,
    sources: [RBAC, gie('v1.0.0', 'config/crd/kustomization.yaml')],
  },
} satisfies FindingPages;
