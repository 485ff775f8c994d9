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
import { plain } from './words.ts';

const SHAPES: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  gateway: ['([', '])'],
  route: ['[', ']'],
  rule: ['(', ')'],
  alphaPool: ['{{', '}}'],
  v1Pool: ['[[', ']]'],
  picker: ['[/', '/]'],
  servers: ['[(', ')]'],
  models: ['>', ']'],
  backend: ['[', ']'],
  other: ['[\\', '/]'],
};

const ARROWS: Readonly<Record<EdgeKind, string>> = {
  parent: '-->',
  part: '-->',
  traffic: '==>',
  mirror: '-.->',
  picks: '-->',
  selects: '-->',
  reference: '-.-',
};

// Strokes and fills that can be read on light and on dark ground, since a page's theme is not ours.
const CLASSES: Readonly<Record<string, string>> = {
  alphaPool: 'fill:#fff4d6,stroke:#9a6700,color:#1f2328,stroke-dasharray:6 3',
  v1Pool: 'fill:#ddf4ff,stroke:#0969da,color:#1f2328',
  broken: 'fill:#ffebe9,stroke:#cf222e,color:#a40e26,stroke-width:3px',
  unknown: 'fill:#fbefff,stroke:#8250df,color:#6639ba',
};

/** A flowchart, as GitHub and others show it in a fenced block. */
export function toMermaid(picture: Picture): string {
  const ids = new Map(picture.nodes.map(({ key }, index) => [key, `n${index}`]));
  const inGroup = Map.groupBy(picture.nodes, ({ group }) => group);
  const groups = picture.groups.flatMap(({ key, title }, index) => [
    `  subgraph g${index}["${label([title])}"]`,
    ...(inGroup.get(key) ?? []).map((node) => `    ${nodeLine(node, ids.get(node.key)!)}`),
    '  end',
  ]);
  const known = new Set(picture.groups.map(({ key }) => key));
  const free = picture.nodes.filter(({ group }) => !known.has(group));
  const red = picture.edges.flatMap(({ to, kind }, index) =>
    CARRIES.has(kind) && healthOf(picture.nodes.find(({ key }) => key === to)!) === 'broken' ? [index] : [],
  );
  return [
    '---',
    `title: ${JSON.stringify(plain(picture.title))}`,
    // Mermaid's own 200 pixels make towers of what is broken.
    'config:',
    '  flowchart:',
    '    wrappingWidth: 320',
    '---',
    'flowchart LR',
    ...picture.notes.map((note, index) => `  note${index}["${label([note])}"]`),
    ...free.map((node) => `  ${nodeLine(node, ids.get(node.key)!)}`),
    ...groups,
    ...picture.edges.map(
      ({ from, to, kind, label: text }) =>
        `  ${ids.get(from)} ${ARROWS[kind]}${text === '' ? '' : `|"${label([text])}"|`} ${ids.get(to)}`,
    ),
    ...legendLines(picture),
    ...classLines(picture),
    ...(red.length === 0 ? [] : [`  linkStyle ${red.join(',')} stroke:#cf222e`]),
    '',
  ].join('\n');
}

function nodeLine(node: PictureNode, id: string): string {
  const [open, close] = SHAPES[node.kind];
  return `${id}${open}"${label(nodeTexts(node))}"${close}${classOf(node)}`;
}

// Those that are used: the legend uses what the nodes use.
function classLines({ nodes }: Picture): string[] {
  const used = new Set<string>(nodes.flatMap((node) => [node.kind, healthOf(node)]));
  for (const node of nodes) if (node.doubt.length > 0) used.add('unknown');
  return Object.entries(CLASSES)
    .filter(([name]) => used.has(name))
    .map(([name, style]) => `  classDef ${name} ${style}`);
}

function classOf(node: PictureNode): string {
  const health = healthOf(node);
  if (health !== 'plain') return `:::${health}`;
  return node.kind === 'alphaPool' || node.kind === 'v1Pool' ? `:::${node.kind}` : '';
}

function legendLines(picture: Picture): string[] {
  const { nodes, edges, broken, unknown, folded } = legendOf(picture);
  const samples = [
    ...nodes.map((kind, index) => {
      const [open, close] = SHAPES[kind];
      const style = kind === 'alphaPool' || kind === 'v1Pool' ? `:::${kind}` : '';
      return `l${index}${open}"${label([NODE_WORDS[kind]])}"${close}${style}`;
    }),
    ...edges.map(
      (kind, index) => `e${index}a[" "] ${ARROWS[kind]}|"${label([EDGE_WORDS[kind]!])}"| e${index}b[" "]`,
    ),
    ...(broken ? [`lb["${label([BROKEN_WORDS])}"]:::broken`] : []),
    ...(unknown ? [`lu["${label([UNKNOWN_WORDS])}"]:::unknown`] : []),
    ...(folded ? [`lf["${label([FOLDED_WORDS])}"]`] : []),
  ];
  // Two rows from left to right, by links that are not drawn.
  const chain = (ids: readonly string[]) => (ids.length < 2 ? [] : [ids.join(' ~~~ ')]);
  const signs = [...(broken ? ['lb'] : []), ...(unknown ? ['lu'] : []), ...(folded ? ['lf'] : [])];
  samples.push(...chain(nodes.map((_, index) => `l${index}`)));
  for (const [index, id] of signs.entries())
    if (index > 0 || edges.length > 0)
      samples.push(`${index === 0 ? `e${edges.length - 1}b` : signs[index - 1]} ~~~ ${id}`);
  for (let index = 1; index < edges.length; index++) samples.push(`e${index - 1}b ~~~ e${index}a`);
  return samples.length === 0
    ? []
    : ['  subgraph legend["Legend"]', ...samples.map((line) => `    ${line}`), '  end'];
}

/** Text for between quotes. Whatever Mermaid, Markdown or HTML could take for its own is written as an entity code. */
function label(texts: readonly string[]): string {
  const lines = texts.map((text) => apart(plain(text))).filter((text) => text.trim() !== '');
  return lines.map(encoded).join('<br/>') || ' ';
}

// Formulas and icons are looked for after entity codes are read: only a space keeps their signs from being them.
function apart(text: string): string {
  return text.replace(/\$(?=\$)/g, '$ ').replace(/:(?=fa-)/g, ': ');
}

// Plain where it can be, so that the source can be read. Signs that begin a list are not at a line's beginning.
function encoded(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} ,.:/()%=\u00d7?\u2013\u2026-]|^[-\d]|(?<=^\d*)\./gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
