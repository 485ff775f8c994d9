// Weights against requests, failures and latency of one run, one above the other over the same time.
import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { Timeline, TimelinePoint } from '../../api/timeline.ts';
import { count, percentText } from '../text.ts';
import { xml } from './element.ts';

const WIDTH = 960;
const LEFT = 64;
const RIGHT = 16;
const PANEL = 92;
const GAP = 46;
const TOP = 26;
const HEIGHT = TOP + 3 * PANEL + 2 * GAP + 34;

type X = (at: number) => number;

/** `id` begins every id in it. */
export function timelineChart(timeline: Timeline, id: string): string {
  const time = scaleUtc()
    .domain([timeline.from, timeline.to])
    .range([LEFT, WIDTH - RIGHT]);
  const x: X = (at) => time(at);
  const tick = time.tickFormat(6, '%H:%M:%S');
  const bottom = HEIGHT - 26;
  const [weights, requests, latency] = [0, 1, 2].map((panel) => TOP + panel * (PANEL + GAP)) as [
    number,
    number,
    number,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">Share of v1, requests, failures and latency over time</title>`,
    `<desc id="${id}-desc">${xml(inWords(timeline))}</desc>`,
    ...time
      .ticks(6)
      .map(
        (at) =>
          `<line class="c-grid" x1="${one(time(at))}" x2="${one(time(at))}" y1="${TOP}" y2="${bottom}"/><text class="c-faint" x="${one(time(at))}" y="${bottom + 16}" text-anchor="middle">${tick(at)}</text>`,
      ),
    ...timeline.steps.map(
      (step) =>
        `<line class="c-mark" x1="${one(x(step.from))}" x2="${one(x(step.from))}" y1="${TOP}" y2="${bottom}"/>`,
    ),
    ...weightPanel(timeline, x, weights),
    ...requestPanel(timeline.points, x, requests),
    ...latencyPanel(timeline.points, x, latency),
    '</svg>',
  ].join('\n');
}

function weightPanel({ points, to, outcome }: Timeline, x: X, top: number): string[] {
  const y = scaleLinear()
    .domain([0, 100])
    .range([top + PANEL, top]);
  // The last share holds until the end; where it was rolled back, it is nothing then.
  const known = points.filter(({ percent }) => percent !== null);
  const last = known.at(-1);
  const end = last && { ...last, from: to };
  const back = end && outcome === 'rolledBack' ? [{ ...end, percent: 0 }] : [];
  const held = end ? [...known, end, ...back] : [];
  const shape = area<TimelinePoint>()
    .x(({ from }) => x(from))
    .y0(y(0))
    .y1(({ percent }) => y(percent ?? 0))
    .curve(curveStepAfter)
    .digits(1);
  return [
    heading('Share of v1 by the routes (percent)', top),
    ...axis([0, 50, 100], y),
    `<path class="c-area" d="${shape(held) ?? ''}"/><path class="c-step" d="${shape.lineY1()(held) ?? ''}"/>`,
  ];
}

function requestPanel(points: readonly TimelinePoint[], x: X, top: number): string[] {
  const most = Math.max(1, ...points.map(({ sent }) => sent));
  const y = scaleLinear()
    .domain([0, most])
    .nice(3)
    .range([top + PANEL, top]);
  const failed = points.reduce((sum, point) => sum + point.failed, 0);
  const bars = points.map((point) => {
    const [left, width] = [x(point.from), Math.max(1, x(point.to) - x(point.from) - 0.6)];
    const bar = (from: number, to: number, name: string) =>
      to <= from
        ? ''
        : `<rect class="${name}" x="${one(left)}" y="${one(y(to))}" width="${one(width)}" height="${one(y(from) - y(to))}"/>`;
    const cross =
      point.failed === 0
        ? ''
        : `<text class="c-bad-text" x="${one(left + width / 2)}" y="${one(y(point.sent) - 3)}" text-anchor="middle">×</text>`;
    return `${bar(0, point.sent - point.failed, 'c-bar')}${bar(point.sent - point.failed, point.sent, 'c-bad')}${cross}`;
  });
  const words = failed === 0 ? 'none failed' : `× ${failed} failed`;
  return [heading(`Our own requests (${words})`, top), ...axis(y.ticks(3), y), ...bars];
}

function latencyPanel(points: readonly TimelinePoint[], x: X, top: number): string[] {
  const most = Math.max(1, ...points.map(({ max }) => max ?? 0));
  const y = scaleLinear()
    .domain([0, most])
    .nice(3)
    .range([top + PANEL, top]);
  const through = (of: (point: TimelinePoint) => number | null) =>
    line<TimelinePoint>()
      .defined((point) => of(point) !== null)
      .x(({ from, to }) => x((from + to) / 2))
      .y((point) => y(of(point) ?? 0))
      .digits(1)(points) ?? '';
  return [
    heading('Latency of those answered (milliseconds): median, and the slowest dashed', top),
    ...axis(y.ticks(3), y),
    `<path class="c-max" d="${through(({ max }) => max)}"/><path class="c-step" d="${through(({ p50 }) => p50)}"/>`,
  ];
}

function heading(text: string, top: number): string {
  return `<text class="c-text" x="${LEFT}" y="${top - 8}">${xml(text)}</text>`;
}

function axis(ticks: readonly number[], y: (value: number) => number): string[] {
  return ticks.map(
    (value) =>
      `<line class="c-grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${one(y(value))}" y2="${one(y(value))}"/><text class="c-faint" x="${LEFT - 8}" y="${one(y(value) + 4)}" text-anchor="end">${value}</text>`,
  );
}

function inWords({ steps }: Timeline): string {
  const parts = steps.map(
    ({ wanted, sent, failed, p50, verdict }) =>
      `At ${percentText(wanted)}: ${count(sent, 'request')}, ${failed} failed${p50 === null ? '' : `, median ${Math.round(p50)} milliseconds`}${verdict === '' ? '' : `, gate ${verdict}`}.`,
  );
  return parts.length === 0 ? 'No step was recorded.' : parts.join(' ');
}

function one(number: number): number {
  return Math.round(number * 10) / 10;
}
