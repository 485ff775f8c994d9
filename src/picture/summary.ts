import { healthOf, someOf, type Picture } from './picture.ts';

/** The picture in words, for who can't see it. */
export function summaryOf({ nodes, edges, notes }: Picture): string {
  const of = (kind: string) => nodes.filter((node) => node.kind === kind).flatMap(({ names }) => names);
  const parts = [
    ['Gateways', of('gateway')],
    ['routes', of('route')],
    ['v1alpha2 pools', of('alphaPool')],
    ['v1 pools', of('v1Pool')],
  ] as const;
  const titles = new Map(nodes.map(({ key, title }) => [key, title]));
  const shares = edges
    .filter(({ kind }) => kind === 'traffic')
    .map(({ from, to, label }) => `${titles.get(from)} to ${titles.get(to)}: ${label}`);
  const broken = nodes
    .filter((node) => healthOf(node) === 'broken')
    .map(({ title, trouble }) => `${title} (${trouble[0]!.id})`);
  const counts = parts.map(([word, names]) =>
    names.length === 0 ? `no ${word}` : `${names.length} ${word} (${someOf(names)})`,
  );
  return [
    `From left to right: ${counts.join(', ')}.`,
    ...(shares.length === 0 ? [] : [`Shares: ${someOf(shares, 8)}.`]),
    broken.length === 0 ? 'Nothing is marked as broken.' : `Broken: ${someOf(broken, 8)}.`,
    ...notes,
  ].join(' ');
}
