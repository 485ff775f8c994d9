import { curveBasis, line } from 'd3-shape';
import {
  layout,
  ROW_HEIGHT,
  SMALL_SIZE,
  type Placed,
  type PlacedEdge,
  type PlacedGroup,
  type PlacedNode,
  type Point,
  type TextRow,
} from './layout.ts';
import { legendOf } from './legend.ts';
import { legendSvg } from './legendSvg.ts';
import { fitted, textPixels } from './measure.ts';
import { healthOf, nodeTexts, type Picture } from './picture.ts';
import { edgesOf, outline, tenth } from './shapes.ts';
import { PICTURE_CSS } from './style.ts';
import { summaryOf } from './summary.ts';
import { xml } from '../api/xml.ts';

interface SvgOptions {
  /** Begins every id: two pictures on one page must not share any. */
  readonly id: string;
  /** False on a page that has {@link PICTURE_CSS} already. */
  readonly styled: boolean;
}

const HEAD = 30;
const NOTE = 18;
const LEAST_WIDTH = 640;
const SIDE = 16;

/** The picture as one SVG: no script, nothing from outside, light and dark. */
export function toSvg(picture: Picture, { id, styled }: SvgOptions = { id: 'ip', styled: true }): string {
  const placed = layout(picture);
  const width = Math.ceil(
    Math.max(LEAST_WIDTH, placed.width, textPixels(picture.title, 15, true) + 2 * SIDE),
  );
  const top = HEAD + NOTE * picture.notes.length + 8;
  const legend = legendSvg(legendOf(picture), width, top + placed.height + 8);
  const height = Math.ceil(top + placed.height + 8 + legend.height);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="ip" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${xml(picture.title)}</title>`,
    `<desc id="${id}-desc">${xml(summaryOf(picture))}</desc>`,
    ...(styled ? [`<style>${PICTURE_CSS}</style>`] : []),
    `<defs>${marker(`${id}-arrow`, 'ip-head-plain')}${marker(`${id}-arrow-broken`, 'ip-head-broken')}</defs>`,
    `<rect class="ip-paper" x="0" y="0" width="${width}" height="${height}"/>`,
    `<text class="ip-head" x="${SIDE}" y="22">${xml(picture.title)}</text>`,
    ...picture.notes.map(
      (note, index) =>
        `<text class="ip-note" x="${SIDE}" y="${HEAD + NOTE * index + 12}">${xml(fitted(note, width - 2 * SIDE, SMALL_SIZE))}</text>`,
    ),
    `<g transform="translate(0 ${top})">`,
    ...drawn(placed, id),
    '</g>',
    legend.svg,
    '</svg>',
    '',
  ].join('\n');
}

function marker(id: string, className: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="${className}" d="M0,0L8,4L0,8Z"/></marker>`;
}

function drawn({ groups, edges, nodes }: Placed, id: string): string[] {
  return [
    ...groups.map(groupSvg),
    ...edges.map((edge) => edgeSvg(edge, id)),
    ...nodes.map(nodeSvg),
    // Above all lines, so that a share can be read where lines cross.
    ...edges.map(labelSvg),
  ];
}

function groupSvg(group: PlacedGroup): string {
  const { left, top } = edgesOf(group);
  return `<rect class="ip-group" x="${left}" y="${top}" width="${group.width}" height="${group.height}" rx="6"/><text class="ip-title" x="${left + 10}" y="${tenth(top + 17)}">${xml(fitted(group.title, group.width - 16, 13, true))}</text>`;
}

const curve = line<Point>()
  .x(({ x }) => x)
  .y(({ y }) => y)
  .curve(curveBasis)
  .digits(1);

function edgeSvg({ edge, points, broken }: PlacedEdge, id: string): string {
  const classes = `ip-edge ip-${edge.kind}${broken ? ' ip-edge-broken' : ''}`;
  return `<path class="${classes}" d="${curve(points) ?? ''}" marker-end="url(#${id}-arrow${broken ? '-broken' : ''})"/>`;
}

function labelSvg({ edge, label }: PlacedEdge): string {
  if (!label) return '';
  const width = tenth(textPixels(edge.label, SMALL_SIZE) + 8);
  return `<rect class="ip-label" x="${tenth(label.x - width / 2)}" y="${tenth(label.y - 7)}" width="${width}" height="14" rx="3"/><text x="${label.x}" y="${tenth(label.y + 4)}" text-anchor="middle">${xml(edge.label)}</text>`;
}

function nodeSvg(placed: PlacedNode): string {
  const { node, rows, x } = placed;
  const health = healthOf(node);
  const classes = `ip-node ip-${node.kind}${health === 'plain' ? '' : ` ip-${health}`}`;
  const { top } = edgesOf(placed);
  const several = node.names.length > 1 ? behind(placed, classes) : '';
  const texts = rows.map(
    (row, index) =>
      `<text class="${classOf(row)}" x="${x}" y="${tenth(top + 8 + ROW_HEIGHT * (index + 0.75))}" text-anchor="middle">${xml(row.text)}</text>`,
  );
  const all = node.names.length > 1 ? [...nodeTexts(node), node.names.join(', ')] : nodeTexts(node);
  return `<g><title>${all.map(xml).join('\n')}</title>${several}${outline(node.kind, placed, classes)}${texts.join('')}</g>`;
}

// A second sheet below the first: there are several of it.
function behind(placed: PlacedNode, classes: string): string {
  return outline(placed.node.kind, { ...placed, x: placed.x + 5, y: placed.y + 5 }, classes);
}

function classOf({ role }: TextRow): string {
  return {
    caption: 'ip-caption',
    title: 'ip-title',
    line: 'ip-line',
    broken: 'ip-broken-word',
    unknown: 'ip-unknown-word',
  }[role];
}
