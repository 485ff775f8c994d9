// Renamed with InferenceModel's end: inference_model_* up to v1.0, inference_objective_* from v1.1 on.
const REQUESTS = /^inference_(?:model|objective)_request_total(?:\{[^}]*\})?\s+([0-9.eE+]+)\s*$/gm;

/** How many requests an endpoint picker has counted, by its own metrics; 0 before the first. */
export function requestsPicked(metrics: string): number {
  return [...metrics.matchAll(REQUESTS)].reduce((sum, [, count]) => sum + Number(count), 0);
}
