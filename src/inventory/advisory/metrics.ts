// What endpoint pickers measure, and which of it changes with the API.
// Source: GIE pkg/epp/metrics/metrics.go, v0.2.0 to v1.5.0: the subsystem inference_model became inference_objective in
// v1.1.0, each metric under the same name behind it; inference_pool stays, with the pool's name in the label `name`.

/** A metric that an expression reads, and the pools that it names by the label `name`. */
export interface MetricUse {
  readonly metric: string;
  readonly pools: readonly string[];
}

const METRIC = /\binference_(?:model|pool)_[a-z0-9_]*/g;
const MATCHERS = /^\s*\{([^}]*)\}/;
const NAME = /(?:^|[\s,{])name\s*(=~?)\s*(["'`])(.*?)\2/g;

/** The pickers' metrics in a text: PromQL, or a metric's name as an adapter writes it (`prometheus.googleapis.com|…|gauge`). */
export function metricsIn(text: string): MetricUse[] {
  return [...text.matchAll(METRIC)].map((match): MetricUse => {
    const matchers = MATCHERS.exec(text.slice(match.index + match[0].length))?.[1] ?? '';
    const pools = [...matchers.matchAll(NAME)].flatMap(([, operator, , value = '']) =>
      operator === '=~' ? value.split('|') : [value],
    );
    return { metric: match[0], pools };
  });
}

/** What v1.1.0 and later call it; the same name where nothing changed. */
export function renamed(metric: string): string {
  return metric.replace(/^inference_model_/, 'inference_objective_');
}

/** The metrics of a text that v1.1.0 renamed and that it doesn't read under the new name as well. */
export function renamedIn(text: string): string[] {
  const old = metricsIn(text).map(({ metric }) => metric);
  return [...new Set(old)].filter((metric) => renamed(metric) !== metric && !text.includes(renamed(metric)));
}

/** A matcher in PromQL that takes the metric under either name. */
export function eitherName(metric: string): string {
  return `{__name__=~"${metric.replace(/^inference_model_/, 'inference_(model|objective)_')}"}`;
}

/** The names of pools that a text reads inference_pool metrics of. */
export function poolsIn(text: string): string[] {
  return [...new Set(metricsIn(text).flatMap(({ pools }) => pools))];
}

/** The text with another pool's name in those matchers. */
export function withPool(text: string, from: string, to: string): string {
  return text.replace(/\binference_pool_[a-z0-9_]*\s*\{[^}]*\}/g, (selector) =>
    selector.replaceAll(NAME, (matcher: string, _operator, quote: string, value: string) => {
      const names = value.split('|').map((name) => (name === from ? to : name));
      return matcher.replace(`${quote}${value}${quote}`, () => `${quote}${names.join('|')}${quote}`);
    }),
  );
}
