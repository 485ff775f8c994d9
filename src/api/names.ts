// The names that other programs know us by. Changing one breaks clusters that are half-way.

export const REPORT_API_VERSION = 'kubectl-infpool/v1';
export const FIELD_MANAGER = 'kubectl-infpool';

/** On an HTTPRoute: the backendRefs as they were before we touched them, for `rollback`. */
export const ORIGINAL_REFS_ANNOTATION = 'kubectl-infpool/original-backend-refs';
/** On a v1 InferencePool: the name of the alpha pool of the same namespace that it takes over from. */
export const MIGRATED_FROM_ANNOTATION = 'kubectl-infpool/migrated-from';

/** On a v1 InferencePool: the modelNames of the InferenceModels it takes over, as JSON: what to ask for once they are gone. */
export const MODELS_ANNOTATION = 'kubectl-infpool/models';

/** On the Lease that says who migrates a pool: which process it is, as JSON. */
export const CLAIM_ANNOTATION = 'kubectl-infpool/claimed-by';

/** Selects an InferenceObjective by its metadata.name. Source: GIE pkg/epp/metadata/consts.go, v1.0.0 to v1.5.0. */
export const OBJECTIVE_HEADER = 'x-gateway-inference-objective';
/** Sets the model that the request goes out with. Same source. */
export const MODEL_REWRITE_HEADER = 'x-gateway-model-name-rewrite';

export const BUNDLE_VERSION_ANNOTATION = 'inference.networking.k8s.io/bundle-version';
