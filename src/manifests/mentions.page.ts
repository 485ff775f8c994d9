import type { FindingPages } from '../api/page.ts';
import { ARGO_CD, FLUX, GKE_MIGRATION, HELM_TEMPLATE, KUSTOMIZE_PATCHES } from '../api/sources.ts';

export const MENTION_PAGES = {
  'mention-in-file': {
    title: 'A file that is no manifest mentions the alpha group',
    severity: ['warning'],
    means:
      'A patch, a policy, a script or a document in the folder names inference.networking.x-k8s.io. It is not a Kubernetes object that we know how to change.',
    known: 'The text of the files is searched.',
    matters:
      'It may ask for alpha objects that will be gone. Not every mention is wrong: InferenceObjective, InferenceModelRewrite and InferencePoolImport stay in that group, and so does EndpointPickerConfig.',
    cure: ['Look at the line that the finding names, and change it by hand if it means pools or models.'],
    sources: [GKE_MIGRATION],
  },
  'mention-in-kustomization': {
    title: 'A kustomization mentions the alpha group',
    severity: ['warning'],
    means:
      'The target of a patch, a replacement or the like in a kustomization.yaml names inference.networking.x-k8s.io. Kustomizations are not changed.',
    known: 'The text of the kustomization is searched.',
    matters: 'Once the objects are v1 it selects nothing, and what it added is missing without an error.',
    cure: [
      'Add the same for the v1 objects, look at what comes out, and take the old one out when the alpha objects are gone:',
      '$ kubectl kustomize FOLDER',
    ],
    sources: [KUSTOMIZE_PATCHES],
  },
  'template-not-rendered': {
    title: 'A file is a template, so it was not looked into',
    severity: ['warning'],
    means: 'It has {{ … }} in it, and is no YAML before some tool renders it.',
    known: 'It does not parse as YAML, and has the marks of a template.',
    matters: 'There may be alpha objects in it. "None found" does not hold for this file.',
    cure: [
      'Render it, and give us what comes out:',
      '$ helm template RELEASE CHART | kubectl infpool detect -f -',
    ],
    sources: [HELM_TEMPLATE],
  },
  'link-not-followed': {
    title: 'A link was not followed',
    severity: ['warning'],
    means: 'The path is a symbolic link that leads out of the folder, in a circle, or to nothing.',
    known: 'The file system says where it leads.',
    matters: 'What is behind it was not looked at, and would not be changed.',
    cure: [
      'If it belongs to these manifests, give what it leads to as well:',
      '$ kubectl infpool detect -f FOLDER -f TARGET -R',
    ],
    sources: [GKE_MIGRATION],
  },
  'alpha-crd-in-file': {
    title: 'A manifest is a CRD of v1alpha2',
    severity: ['warning'],
    means: 'The folder holds the CustomResourceDefinition of alpha pools or models.',
    known: 'The manifests are read.',
    matters:
      'Where Argo CD or Flux prunes, taking it out of Git deletes the CRD in the cluster, and with it every alpha object that is left in any namespace.',
    cure: [
      'Keep it until no alpha object is left in any cluster that this folder is for:',
      '$ kubectl infpool detect',
      'Then take it out as the last change of all.',
    ],
    sources: [ARGO_CD, FLUX, GKE_MIGRATION],
  },
} satisfies FindingPages;
