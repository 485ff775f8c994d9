/** A metav1.LabelSelector, as kinds that select by labels carry it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
}

/** As the API machinery matches: an empty selector matches everything, an operator that nobody knows nothing. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key = '', operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}

/** Every value that the selector asks for by name. */
export function valuesAskedFor(selector: LabelSelector): string[] {
  const listed = (selector.matchExpressions ?? []).filter(({ operator }) => operator === 'In');
  return [...Object.values(selector.matchLabels ?? {}), ...listed.flatMap(({ values = [] }) => values)];
}
