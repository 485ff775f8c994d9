import { BROKEN_WORDS, EDGE_WORDS, FOLDED_WORDS, legendOf, NODE_WORDS, UNKNOWN_WORDS } from './legend.ts';
import {
  CARRIES,
  healthOf,
  nodeTexts,
  type EdgeKind,
  type NodeKind,
  type Picture,
  type PictureNode,
} from './picture.ts';
import { plain, rowsOfWords } from './words.ts';

/** Graphviz breaks no line by itself. */
const WIDEST = 44;
/** As many samples stand in a row of the legend. */
const LEGEND_ROW = 5;

type Attributes = Readonly<Record<string, string>>;

const SHAPES: Readonly<Record<NodeKind, Attributes>> = {
  gateway: { shape: 'box', style: 'rounded,filled,bold' },
  route: { shape: 'box' },
  rule: { shape: 'box', style: 'rounded,filled' },
  alphaPool: { shape: 'hexagon', style: 'filled,dashed', fillcolor: '#fff4d6', color: '#9a6700' },
  v1Pool: { shape: 'box', peripheries: '2', fillcolor: '#ddf4ff', color: '#0969da' },
  picker: { shape: 'component' },
  servers: { shape: 'cylinder' },
  models: { shape: 'note' },
  backend: { shape: 'box' },
  other: { shape: 'cds' },
};

const LINES: Readonly<Record<EdgeKind, Attributes>> = {
  parent: {},
  part: {},
  traffic: { penwidth: '2' },
  mirror: { style: 'dashed' },
  picks: {},
  selects: {},
  reference: { style: 'dotted', arrowhead: 'open' },
};

const HEALTH: Readonly<Record<'broken' | 'unknown' | 'plain', Attributes>> = {
  broken: { color: '#cf222e', fillcolor: '#ffebe9', fontcolor: '#a40e26', penwidth: '2.5' },
  unknown: { color: '#8250df', fillcolor: '#fbefff', fontcolor: '#6639ba' },
  plain: {},
};

/** For Graphviz. */
export function toDot(picture: Picture): string {
  const ids = new Map(picture.nodes.map(({ key }, index) => [key, `n${index}`]));
  const inGroup = Map.groupBy(picture.nodes, ({ group }) => group);
  const known = new Set(picture.groups.map(({ key }) => key));
  const broken = new Set(picture.nodes.filter((node) => healthOf(node) === 'broken').map(({ key }) => key));
  return [
    'digraph {',
    `  graph [rankdir=LR, compound=true, fontname="sans-serif", labelloc=t, labeljust=l, label=${quoted([picture.title, ...picture.notes])}];`,
    '  node [shape=box, fontname="sans-serif", fontsize=11, style=filled, fillcolor="#ffffff", color="#6e7781"];',
    '  edge [fontname="sans-serif", fontsize=10, color="#6e7781"];',
    ...picture.nodes
      .filter(({ group }) => !known.has(group))
      .map((node) => `  ${nodeLine(node, ids.get(node.key)!)}`),
    ...picture.groups.flatMap(({ key, title }, index) => [
      `  subgraph cluster_${index} {`,
      `    graph [label=${quoted([title])}, style="rounded,filled", fillcolor="#f6f8fa", color="#d1d9e0"];`,
      ...(inGroup.get(key) ?? []).map((node) => `    ${nodeLine(node, ids.get(node.key)!)}`),
      '  }',
    ]),
    ...picture.edges.map(({ from, to, kind, label }) => {
      const attributes = {
        ...LINES[kind],
        ...(CARRIES.has(kind) && broken.has(to) ? { color: '#cf222e' } : {}),
      };
      return `  ${ids.get(from)} -> ${ids.get(to)} [${attributeList(attributes, label === '' ? [] : [label])}];`;
    }),
    ...legendLines(picture),
    '}',
    '',
  ].join('\n');
}

function nodeLine(node: PictureNode, id: string): string {
  const tip = node.names.length > 1 ? `, tooltip=${quoted([node.names.join(', ')])}` : '';
  return `${id} [${attributeList({ ...SHAPES[node.kind], ...HEALTH[healthOf(node)] }, rowsOf(nodeTexts(node)))}${tip}];`;
}

function legendLines(picture: Picture): string[] {
  const { nodes, edges, broken, unknown, folded } = legendOf(picture);
  const box = (id: string, attributes: Attributes, text: string) =>
    `    ${id} [${attributeList(attributes, [text])}];`;
  const samples = [
    ...nodes.map((kind, index) => box(`l${index}`, SHAPES[kind], NODE_WORDS[kind])),
    ...edges.flatMap((kind, index) => [
      `    e${index}a [shape=point];`,
      `    e${index}b [shape=point];`,
      `    e${index}a -> e${index}b [${attributeList(LINES[kind], [EDGE_WORDS[kind]!])}];`,
    ]),
    ...(broken ? [box('lb', HEALTH.broken, BROKEN_WORDS)] : []),
    ...(unknown ? [box('lu', HEALTH.unknown, UNKNOWN_WORDS)] : []),
    ...(folded ? [box('lf', {}, FOLDED_WORDS)] : []),
  ];
  // Rows from left to right, by edges that are not drawn.
  const kinds = nodes.map((_, index) => `l${index}`);
  const signs = [...(broken ? ['lb'] : []), ...(unknown ? ['lu'] : []), ...(folded ? ['lf'] : [])];
  for (let from = 0; from < kinds.length; from += LEGEND_ROW)
    samples.push(...chain(kinds.slice(from, from + LEGEND_ROW)));
  samples.push(...chain(signs));
  for (let index = 1; index < edges.length; index++) samples.push(...chain([`e${index - 1}b`, `e${index}a`]));
  return samples.length === 0
    ? []
    : [
        '  subgraph cluster_legend {',
        '    graph [label="Legend", style=rounded, color="#d1d9e0"];',
        ...samples,
        '  }',
      ];
}

function chain(ids: readonly string[]): string[] {
  return ids.slice(1).map((id, index) => `    ${ids[index]} -> ${id} [style=invis];`);
}

function rowsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => rowsOfWords(plain(text), WIDEST));
}

function attributeList(attributes: Attributes, texts: readonly string[]): string {
  const own = Object.entries(attributes).map(([name, value]) => `${name}=${quoted([value])}`);
  return [`label=${quoted(texts)}`, ...own].join(', ');
}

/** A quoted string: backslashes begin escapes in labels, and Graphviz reads HTML's entities in them. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((text) =>
    plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;'),
  );
  return `"${escaped.join('\\n')}"`;
}
