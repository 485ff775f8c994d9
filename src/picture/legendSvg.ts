import { BROKEN_WORDS, EDGE_WORDS, FOLDED_WORDS, NODE_WORDS, UNKNOWN_WORDS, type Legend } from './legend.ts';
import { SMALL_SIZE } from './layout.ts';
import { textPixels } from './measure.ts';
import { outline, tenth } from './shapes.ts';

interface Entry {
  readonly text: string;
  /** Drawn with its left edge at x and its middle at y. */
  readonly sample: (x: number, y: number) => string;
}

const SAMPLE = 34;
const ROW = 24;
const GAP = 22;
const SIDE = 16;

/** The legend in as many rows as the width needs. */
export function legendSvg(legend: Legend, width: number, top: number): { svg: string; height: number } {
  const entries = entriesOf(legend);
  if (entries.length === 0) return { svg: '', height: 0 };
  let x = SIDE;
  let y = top + ROW / 2;
  const parts = entries.map(({ text, sample }) => {
    const room = SAMPLE + 8 + textPixels(text, SMALL_SIZE);
    if (x > SIDE && x + room > width - SIDE) {
      x = SIDE;
      y += ROW;
    }
    const drawn = `${sample(x, y)}<text x="${tenth(x + SAMPLE + 8)}" y="${tenth(y + 4)}">${text}</text>`;
    x = tenth(x + room + GAP);
    return drawn;
  });
  return { svg: `<g>${parts.join('\n')}</g>`, height: y - top + ROW };
}

function entriesOf({ nodes, edges, broken, unknown, folded }: Legend): Entry[] {
  const box = (kind: Parameters<typeof outline>[0], classes: string) => (x: number, y: number) =>
    outline(kind, { x: x + SAMPLE / 2, y, width: SAMPLE, height: 16 }, `ip-node ${classes}`);
  return [
    ...nodes.map((kind): Entry => ({ text: NODE_WORDS[kind], sample: box(kind, `ip-${kind}`) })),
    ...edges.map((kind): Entry => ({
      text: EDGE_WORDS[kind]!,
      sample: (x, y) => `<path class="ip-edge ip-${kind}" d="M${x},${y}H${x + SAMPLE}"/>`,
    })),
    ...(broken ? [{ text: BROKEN_WORDS, sample: box('route', 'ip-broken') }] : []),
    ...(unknown ? [{ text: UNKNOWN_WORDS, sample: box('route', 'ip-unknown') }] : []),
    ...(folded
      ? [
          {
            text: FOLDED_WORDS,
            sample: (x: number, y: number) => `${box('route', '')(x + 3, y + 3)}${box('route', '')(x, y)}`,
          },
        ]
      : []),
  ];
}
