import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const CONSTS = gie('v1.0.0', 'pkg/epp/metadata/consts.go');

export const CURE_PAGES = {
  'target-models-by-header': {
    title: 'A header of the route does what targetModels did',
    severity: ['info', 'warning'],
    means:
      'Every way to the pool sets x-gateway-model-name-rewrite to a target of the InferenceModel, which v1 endpoint pickers go by. So nothing is lost; where there are several targets, only this one still gets requests (then it is a warning).',
    known:
      'The header filters of all rules that lead to the pool are read, as they will be after this conversion; the pool has one model only.',
    matters:
      'You should know that the name is now set in the route: a change of the adapter is a change there.',
    cure: [
      'Nothing to do with one target. To split requests among several again take a release with InferenceModelRewrite:',
      '$ kubectl infpool convert POOL -n NAMESPACE --release v1.3.1',
    ],
    sources: [CONSTS, gie('v1.3.0', 'apix/v1alpha2/inferencemodelrewrite_types.go')],
  },
  'objective-by-header': {
    title: 'A header of the route gives its requests their priority',
    severity: ['info'],
    means:
      'Every way to the pool sets x-gateway-inference-objective to the name of this objective, by which v1 finds its priority.',
    known:
      'The header filters of all rules that lead to the pool are read, as they will be after this conversion; the pool has one model only.',
    matters: 'Nothing is lost. A new rule for the pool has to set the header, too.',
    cure: ['Nothing to do.'],
    sources: [CONSTS],
  },
} satisfies FindingPages;
