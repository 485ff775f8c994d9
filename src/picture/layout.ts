import { Graph, layout as dagre } from '@dagrejs/dagre';
import { fitted, textPixels, wrapped } from './measure.ts';
import { plain } from './words.ts';
import { CARRIES, healthOf, type Picture, type PictureEdge, type PictureNode } from './picture.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export type Role = 'caption' | 'title' | 'line' | 'broken' | 'unknown';

export interface TextRow {
  readonly text: string;
  readonly role: Role;
}

export interface PlacedNode extends Box {
  readonly node: PictureNode;
  readonly rows: readonly TextRow[];
}

export interface PlacedEdge {
  readonly edge: PictureEdge;
  readonly points: readonly Point[];
  /** The middle of its label; null where it has none. */
  readonly label: Point | null;
  readonly broken: boolean;
}

export interface PlacedGroup extends Box {
  readonly title: string;
}

/** Everything with the centre of its place, in pixels. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly groups: readonly PlacedGroup[];
}

export const TITLE_SIZE = 13;
export const SMALL_SIZE = 11;
export const ROW_HEIGHT = 16;
/** Sides of a box; shapes that are pointed or slanted need them. */
export const PADDING = 22;
const VERTICAL = 8;
const WIDEST = 250;
const NARROWEST = 96;
/** Above a group's nodes, for its name. */
const GROUP_HEAD = 26;
const MARGIN = 16;

/** Where everything stands, from left to right: deterministic, by dagre. */
export function layout(picture: Picture): Placed {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, edgesep: 12, ranksep: 56, marginx: MARGIN, marginy: MARGIN });
  for (const group of picture.groups) graph.setNode(groupId(group.key), { width: 0, height: 0 });
  const rows = new Map(picture.nodes.map((node) => [node.key, rowsOf(node)]));
  const known = new Set(picture.groups.map(({ key }) => key));
  for (const node of picture.nodes) {
    graph.setNode(node.key, sizeOf(rows.get(node.key)!));
    if (known.has(node.group)) graph.setParent(node.key, groupId(node.group));
  }
  for (const [index, edge] of picture.edges.entries()) {
    const width = edge.label === '' ? 0 : textPixels(edge.label, SMALL_SIZE) + 10;
    const height = edge.label === '' ? 0 : ROW_HEIGHT;
    // Traffic is to run straight; what only points at something may go round.
    const weight = edge.kind === 'reference' ? 1 : 4;
    graph.setEdge(edge.from, edge.to, { width, height, labelpos: 'c', weight, minlen: 1 }, String(index));
  }
  dagre(graph);
  const nodes = picture.nodes.map((node) => ({
    node,
    rows: rows.get(node.key)!,
    ...boxOf(graph.node(node.key)),
  }));
  const byKey = new Map(nodes.map((placed) => [placed.node.key, placed]));
  const edges = picture.edges.map((edge, index): PlacedEdge => {
    const {
      points = [],
      x = 0,
      y = 0,
    } = graph.edge(edge.from, edge.to, String(index)) as Partial<Point> & { points?: Point[] };
    const target = byKey.get(edge.to)!.node;
    return {
      edge,
      points: points.map((point) => ({ x: round(point.x), y: round(point.y) })),
      label: edge.label === '' ? null : { x: round(x), y: round(y) },
      broken: CARRIES.has(edge.kind) && healthOf(target) === 'broken',
    };
  });
  const groups = picture.groups.flatMap(({ key, title }) => {
    const inside = nodes.filter(({ node }) => node.group === key);
    return inside.length === 0 ? [] : [aroundOf(inside, title)];
  });
  return framed({ nodes, edges, groups });
}

function groupId(key: string): string {
  return `group ${key}`;
}

function rowsOf(node: PictureNode): TextRow[] {
  const fit = (text: string, role: Role): TextRow => ({
    text: fitted(
      plain(text),
      WIDEST,
      role === 'title' ? TITLE_SIZE : SMALL_SIZE,
      role !== 'line' && role !== 'caption',
    ),
    role,
  });
  const said = (text: string, rows: number) =>
    wrapped(plain(text), WIDEST, SMALL_SIZE, rows).map((row) => fit(row, 'line'));
  return [
    fit(node.caption, 'caption'),
    fit(node.title, 'title'),
    ...node.lines.flatMap(({ text }) => said(text, 2)),
    ...node.trouble.flatMap(({ id, text }) => [fit(`× broken: ${id}`, 'broken'), ...said(text, 4)]),
    ...node.doubt.flatMap(({ id, text }) => [fit(`? unknown: ${id}`, 'unknown'), ...said(text, 4)]),
  ];
}

function sizeOf(rows: readonly TextRow[]): { width: number; height: number } {
  const widths = rows.map(({ text, role }) =>
    textPixels(text, role === 'title' ? TITLE_SIZE : SMALL_SIZE, role !== 'line' && role !== 'caption'),
  );
  return {
    width: Math.ceil(Math.max(NARROWEST, ...widths) + 2 * PADDING),
    height: rows.length * ROW_HEIGHT + 2 * VERTICAL,
  };
}

function boxOf({ x, y, width, height }: { x?: number; y?: number; width: number; height: number }): Box {
  return { x: round(x ?? 0), y: round(y ?? 0), width: round(width), height: round(height) };
}

function aroundOf(inside: readonly Box[], title: string): PlacedGroup {
  const left = Math.min(...inside.map(({ x, width }) => x - width / 2)) - 12;
  const right = Math.max(...inside.map(({ x, width }) => x + width / 2)) + 12;
  const top = Math.min(...inside.map(({ y, height }) => y - height / 2)) - GROUP_HEAD;
  const bottom = Math.max(...inside.map(({ y, height }) => y + height / 2)) + 10;
  const width = Math.max(right - left, textPixels(title, TITLE_SIZE, true) + 24);
  return {
    title,
    x: round(left + width / 2),
    y: round((top + bottom) / 2),
    width: round(width),
    height: round(bottom - top),
  };
}

// Groups are drawn a little larger than dagre knows, so the whole is measured anew.
function framed(placed: Omit<Placed, 'width' | 'height'>): Placed {
  const boxes: Box[] = [...placed.nodes, ...placed.groups];
  if (boxes.length === 0) return { ...placed, width: 0, height: 0 };
  const points = placed.edges.flatMap(({ points }) => points);
  const left = Math.min(...boxes.map(({ x, width }) => x - width / 2), ...points.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y, height }) => y - height / 2), ...points.map(({ y }) => y)) - MARGIN;
  const right = Math.max(...boxes.map(({ x, width }) => x + width / 2), ...points.map(({ x }) => x)) + MARGIN;
  const bottom =
    Math.max(...boxes.map(({ y, height }) => y + height / 2), ...points.map(({ y }) => y)) + MARGIN;
  const move = <T extends Point>(one: T): T => ({ ...one, x: round(one.x - left), y: round(one.y - top) });
  return {
    nodes: placed.nodes.map(move),
    groups: placed.groups.map(move),
    edges: placed.edges.map((edge) => ({
      ...edge,
      points: edge.points.map(move),
      label: edge.label && move(edge.label),
    })),
    width: round(right - left),
    height: round(bottom - top),
  };
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
