import type { Finding } from '../../api/finding.ts';
import { shellWord } from '../../api/shellWord.ts';
import { inNamespace, kubectl } from '../../api/kubectl.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import type { PoolReference } from '../references.ts';
import { finding, listIn, whoseItIs, type Advice } from './advice.ts';
import { eitherName, poolsIn, renamed, renamedIn } from './metrics.ts';
import type { Pools } from './pools.ts';

/** PrometheusRules whose expressions read what the alpha endpoint pickers measure. */
export function prometheusRuleAdvice(rules: readonly KubeObject[], pools: Pools): Advice {
  const references: PoolReference[] = [];
  const findings: Finding[] = [];
  for (const object of rules) {
    const expressions = expressionsOf(object);
    const places = (of: (text: string) => readonly string[]) =>
      Map.groupBy(
        expressions.flatMap(({ path, text }) => of(text).map((what) => ({ what, path }))),
        ({ what }) => what,
      );
    for (const [metric, at] of places(renamedIn))
      findings.push(
        silent(
          object,
          metric,
          at.map(({ path }) => path),
        ),
      );
    for (const [name, at] of places(poolsIn))
      for (const { alpha, v1 } of pools.named(name, object.metadata.namespace ?? '')) {
        const pool = refOf(alpha);
        const from = refOf(object);
        references.push(...at.map(({ path }) => ({ from, path, relation: 'monitoring' as const, pool })));
        if (v1 && at.every(({ path }) => namesBoth(expressions, path, v1.name))) continue;
        findings.push(
          finding(object, {
            id: 'metric-of-alpha-pool',
            field: at[0]!.path,
            message: `It reads metrics of the alpha pool ${pool.namespace}/${name} by name${more(at.length)}. The v1 pool's come under its own name, and the alpha ones end when its endpoint picker goes.${whoseItIs(object)}`,
            hint: v1
              ? `Before cleanup put name=~"${name}|${v1.name}" in place of name="${name}": ${kubectl('edit', from)}`
              : `Make the v1 pool first: kubectl infpool convert ${shellWord(name)}${inNamespace(pool.namespace)} --apply. Then name it here, too: ${kubectl('edit', from)}`,
          }),
        );
      }
  }
  return { references, findings };
}

function silent(object: KubeObject, metric: string, paths: readonly string[]): Finding {
  return finding(object, {
    id: 'metric-renamed',
    field: paths[0]!,
    message: `It reads ${metric}${more(paths.length)}, which an endpoint picker of v1.1.0 or later calls ${renamed(metric)} (v1.0.x keeps the name): it goes silent as traffic moves to v1.${whoseItIs(object)}`,
    hint: `Read it under either name, ${eitherName(metric)}: ${kubectl('edit', refOf(object))}`,
  });
}

function more(places: number): string {
  return places > 1 ? ` (${places} places)` : '';
}

interface Expression {
  readonly path: string;
  readonly text: string;
}

function namesBoth(expressions: readonly Expression[], path: string, v1: string): boolean {
  const expression = expressions.find((one) => one.path === path);
  return expression !== undefined && poolsIn(expression.text).includes(v1);
}

function expressionsOf(object: KubeObject): Expression[] {
  return listIn(object['spec']?.groups).flatMap((group, outer) =>
    listIn((group as { rules?: unknown } | null)?.rules).flatMap((rule, inner): Expression[] => {
      // A number is an expression, too.
      const text = (rule as { expr?: unknown } | null)?.expr;
      return typeof text === 'string' ? [{ path: `spec.groups[${outer}].rules[${inner}].expr`, text }] : [];
    }),
  );
}
