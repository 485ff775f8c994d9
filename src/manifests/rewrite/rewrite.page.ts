import type { FindingPages } from '../../api/page.ts';
import {
  ARGO_CD,
  FLUX,
  gie,
  GKE_MIGRATION,
  KUSTOMIZE_PATCHES,
  TRAFFIC_SPLITTING,
} from '../../api/sources.ts';

export const REWRITE_PAGES = {
  'crd-in-file': {
    title: 'The CRD of v1alpha2 was left in the folder',
    severity: ['info'],
    means: 'Of the manifests everything was rewritten but this CustomResourceDefinition, on purpose.',
    known: 'Its name is that of an alpha CRD.',
    matters:
      'Taking it out of Git can delete it in the cluster, and with it every object that is left of it, in every namespace.',
    cure: ['Take it out when this finds nothing:', '$ kubectl infpool detect --exit-code'],
    sources: [ARGO_CD, FLUX],
  },
  'alpha-reference-left': {
    title: 'A reference to an alpha pool was left as it is',
    severity: ['info'],
    means: 'A manifest points at an alpha pool that is not among those that were converted.',
    known: 'The references of all manifests are compared with the pools that were found in the files.',
    matters: 'It still says v1alpha2: after the migration it points at nothing.',
    cure: [
      'Convert that pool in the same run, by giving its manifest, too:',
      '$ kubectl infpool convert -f FOLDER -f POOL_FILE --in-place --dry-run=client -o diff',
      'Or take the reference out.',
    ],
    sources: [GKE_MIGRATION],
  },
  'already-in-git': {
    title: 'The alpha object was taken out, since its v1 one is in Git already',
    severity: ['info'],
    means: 'The files hold both the alpha object and the v1 object that takes over from it.',
    known: 'What the alpha object becomes has the group, kind, namespace and name of an object of the files.',
    matters:
      'The same object twice makes kustomize and others fail, so the alpha one goes and the v1 one stays as it is written.',
    cure: ['Compare the two in the diff of your repository:', '$ git diff'],
    sources: [KUSTOMIZE_PATCHES],
  },
  'backend-filters-differ': {
    title: 'The filters of an alpha backendRef are gone from the rule',
    severity: ['warning'],
    means:
      'A rule of a route in the files named both pools, as in the middle of a split, and each reference had filters of its own. The v1 reference was kept with its own filters.',
    known: 'The two references of the rule are compared.',
    matters: 'Headers that were set for requests to the alpha pool are not set for those to the v1 pool.',
    cure: ['Compare the two, and copy the filters that requests need:', '$ git diff'],
    sources: [TRAFFIC_SPLITTING],
  },
  'kustomize-patch-on-alpha': {
    title: 'A patch is for objects of v1alpha2',
    severity: ['warning'],
    means:
      'A patch (in a kustomization, or as a manifest with some fields only) selects an InferencePool or InferenceModel of the alpha group. In v1 they have another group, other fields and other names.',
    known:
      'targets of patches and replacements are read; a model without modelName or poolRef is taken for a patch.',
    matters:
      'It would match nothing (and what it changes is missing without an error), or make kustomize fail.',
    cure: [
      'Change it by hand: group inference.networking.k8s.io for pools, with selector.matchLabels, targetPorts and endpointPickerRef; kind InferenceObjective for models, with priority.',
      'Then look at what comes out:',
      '$ kubectl kustomize FOLDER',
    ],
    sources: [KUSTOMIZE_PATCHES, gie('v1.0.0', 'api/v1/inferencepool_types.go')],
  },
  'manifest-not-editable': {
    title: 'A manifest was left as it is, and still says v1alpha2',
    severity: ['error'],
    means:
      'The text is written in a way in which we cannot change it without changing more than must be: anchors and aliases that are shared, tags, or the like.',
    known:
      'After each edit the text is read again and compared with what it should mean; where the two differ, nothing is written.',
    matters: 'The rest of the folder is converted, this object is not: the two may not fit together.',
    cure: [
      'Make the changes that the finding lists by hand. The whole object as it should be:',
      '$ kubectl infpool convert -f FILE',
      'Then look at what is left:',
      '$ kubectl infpool detect -f FOLDER -R',
    ],
    sources: [gie('v1.0.0', 'apix/v1alpha2/inferencepool_conversion.go')],
  },
  'v1-pool-differs-from-manifest': {
    title: 'Two manifests of one pool say different things',
    severity: ['warning'],
    means:
      'The pool was converted from one manifest, and another one of the same name (an overlay, say) has another selector or port. Each keeps what it says.',
    known: 'What a manifest becomes is compared with the v1 pool of that name.',
    matters:
      'In overlays this is as it should be. Else two files claim one pool, and which one the cluster gets depends on who applies last.',
    cure: [
      'Look at what the folder of one cluster comes to, and make the two agree if they should:',
      '$ kubectl kustomize FOLDER | kubectl infpool convert -f -',
    ],
    sources: [KUSTOMIZE_PATCHES],
  },
} satisfies FindingPages;
