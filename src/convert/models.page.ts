import type { FindingPages } from '../api/page.ts';
import { gie, GKE_MIGRATION } from '../api/sources.ts';

const CONSTS = gie('v1.0.0', 'pkg/epp/metadata/consts.go');
const MODEL_TYPES = gie('v0.3.0', 'api/v1alpha2/inferencemodel_types.go');

export const MODEL_PAGES = {
  'target-models-lost': {
    title: 'Requests would reach the model servers under a name that they do not know',
    severity: ['error'],
    means:
      'The InferenceModel has targetModels: today the alpha endpoint picker takes a request for the public modelName and sends it on under the name of a target (a LoRA adapter, say). Endpoint pickers of v1.0 to v1.2 do nothing like it.',
    known:
      'spec.targetModels of the InferenceModel is read; what each release can do is known from its source.',
    matters:
      'The same request would go out with the public name, and a server that does not know it answers 404. We have seen this on real endpoint pickers: food-review-1 arrived with alpha, food-review with v1.0.1.',
    cure: [
      'Best: take release v1.3.0 or later, which reads an InferenceModelRewrite; convert then makes one.',
      '$ kubectl infpool convert POOL -n NAMESPACE --release v1.3.1',
      'Or, where a route carries this one model with one target: let the route set the header that the picker goes by (x-gateway-model-name-rewrite).',
      '$ kubectl infpool convert POOL -n NAMESPACE --objective-header',
      'Or serve the adapter under its public name on the model servers, and go past it with --force.',
    ],
    past: '--force',
    sources: [CONSTS, MODEL_TYPES, gie('v1.3.0', 'apix/v1alpha2/inferencemodelrewrite_types.go')],
  },
  'objective-header': {
    title: 'Its priority holds only for requests with a header',
    severity: ['warning'],
    means:
      'InferenceModels gave a priority (criticality) to every request for a model, by its name. An InferenceObjective is chosen by a header of the request instead: x-gateway-inference-objective, with the name of the objective.',
    known:
      'Its criticality converts to a priority other than 0, and no route was seen that sets the header for this model alone.',
    matters:
      'Without the header every request has priority 0: critical ones wait like all others, and sheddable ones are no longer shed. Nothing fails, so nobody notices until the pool is saturated.',
    cure: [
      'Let the route set the header, where a rule carries this one model:',
      '$ kubectl infpool convert POOL -n NAMESPACE --objective-header --apply',
      'Or let the clients send it: x-gateway-inference-objective: NAME',
    ],
    sources: [CONSTS, gie('v1.0.0', 'apix/v1alpha2/inferenceobjective_types.go')],
  },
  'standard-was-sheddable': {
    title: 'Requests that were dropped under load now pass',
    severity: ['info'],
    means:
      'With endpoint pickers up to v0.5 only Critical requests passed while the pool was saturated; Standard and unset ones got 429 like Sheddable ones. In v1 every priority from 0 on passes, and Standard becomes 0 by default.',
    known: 'spec.criticality is Standard or not set, and the priority that was chosen for it is 0 or more.',
    matters:
      'Under load the servers get more requests than before, so that critical ones wait longer. That may be what you want, or not.',
    cure: [
      'To keep shedding them, give Standard a negative priority:',
      '$ kubectl infpool convert POOL -n NAMESPACE --priority Standard=-1',
      'A negative priority, too, holds only for requests with the header; see objective-header.',
    ],
    sources: [MODEL_TYPES, gie('v1.0.0', 'apix/v1alpha2/inferenceobjective_types.go')],
  },
  'criticality-unknown': {
    title: 'Its criticality is not one that v1alpha2 knows',
    severity: ['warning'],
    means: 'spec.criticality is something else than Critical, Standard or Sheddable.',
    known: 'The field is read as it stands; a CRD of v1alpha2 would not let it in, so it comes from a file.',
    matters:
      'It is taken for Standard. If it was meant to be Critical, its requests lose their precedence in v1.',
    cure: ['Correct the field in the file, and convert again:', '$ kubectl infpool convert -f FILE'],
    sources: [MODEL_TYPES, GKE_MIGRATION],
  },
} satisfies FindingPages;
