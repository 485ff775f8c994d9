// Pictures whose every word tries to get out of where it stands.
import fc from 'fast-check';
import type { EdgeKind, NodeKind, Picture, PictureNode } from '../../src/picture/picture.ts';

const NASTY = [
  '"',
  "'",
  '"]; n9["owned"]',
  '</text><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  ']]>',
  '-->',
  '}} end',
  'end',
  'subgraph',
  '%%{init: {"securityLevel": "loose"}}%%',
  '`**bold**`',
  '#quot;',
  '#35;',
  '&amp;',
  '&lt;b&gt;',
  '\\N',
  '\\',
  '\\"',
  '1. one',
  '- item',
  '$$x^2$$',
  'a\nb',
  'a\tb',
  '\u001b[31mred\u0007',
  '\u202egpj.exe',
  '\ufffe\uffff',
  'fa:fa-ban',
  '@{ shape: cyl }',
  'click n1 href "javascript:alert(1)"',
  '日本語 Ü ß é',
  '👩‍🚀',
];

export const words: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...NASTY), fc.constantFrom(...NASTY)).map((two) => two.join(' ')),
  },
  { weight: 1, arbitrary: fc.constantFrom('food', 'food-ga', 'llm-route') },
);

const KINDS: NodeKind[] = [
  'gateway',
  'route',
  'rule',
  'alphaPool',
  'v1Pool',
  'picker',
  'servers',
  'models',
  'backend',
  'other',
];
const EDGES: EdgeKind[] = ['parent', 'part', 'traffic', 'mirror', 'picks', 'selects', 'reference'];

const sign = fc.record({ id: words, text: words });
const signs = fc.array(sign, { maxLength: 2 });

const node: fc.Arbitrary<Omit<PictureNode, 'key'>> = fc.record({
  kind: fc.constantFrom(...KINDS),
  group: fc.constantFrom('', 'llm', 'web'),
  title: words,
  caption: words,
  lines: fc.array(
    words.map((text) => ({ text })),
    { maxLength: 2 },
  ),
  trouble: signs,
  doubt: signs,
  names: fc.array(words, { minLength: 1, maxLength: 3 }),
});

/** Any picture at all: every kind of node and edge, self-made groups, and words that are hostile. */
export const hostilePictures: fc.Arbitrary<Picture> = fc
  .record({
    title: words,
    notes: fc.array(words, { maxLength: 2 }),
    nodes: fc.array(node, { minLength: 1, maxLength: 6 }),
    titles: fc.tuple(words, words),
    links: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...EDGES), words), { maxLength: 8 }),
  })
  .map(({ title, notes, nodes, titles, links }) => {
    const keyed = nodes.map((one, index) => ({ ...one, key: `${index} ${one.title}` }));
    return {
      title,
      notes,
      groups: [
        { key: 'llm', title: titles[0] },
        { key: 'web', title: titles[1] },
      ],
      nodes: keyed,
      edges: links.flatMap(([from, to, kind, label]) => {
        const [a, b] = [keyed[from % keyed.length]!, keyed[to % keyed.length]!];
        return a === b ? [] : [{ from: a.key, to: b.key, kind, label }];
      }),
    };
  });
