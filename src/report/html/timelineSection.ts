import type { Timeline, TimelineStep } from '../../api/timeline.ts';
import type { ReportData } from '../reportData.ts';
import { OUTCOME_WORDS, stepCells, STEP_HEAD } from '../timelineRows.ts';
import { timelineChart } from './chart.ts';
import { badge, htmlTable, section, xml, type Tone } from './element.ts';

const TONES: Readonly<Record<Timeline['outcome'], Tone>> = {
  running: 'doubt',
  done: 'good',
  rolledBack: 'bad',
  stopped: 'doubt',
  failed: 'bad',
};

/** How a migration went, from its record; nothing where there is none. */
export function timelineSection({ timelines }: ReportData): string {
  if (timelines.length === 0) return '';
  return section(
    'timeline',
    'How the migration went',
    '<p>Weights are what the HTTPRoutes said. Requests, failures and latency are those of the requests that kubectl infpool itself sent through the Gateway while it watched, about four a second: a sample, not your traffic. "Counted by the picker" is what the v1 endpoint picker’s own metrics counted of all requests, where they could be read. Times are UTC.</p>',
    ...timelines.map(runHtml),
  );
}

function runHtml(timeline: Timeline, index: number): string {
  const { outcome, because, pools, from, to, steps, points } = timeline;
  const title = `Run ${index + 1}`;
  return [
    `<h3>${title} ${badge(TONES[outcome], OUTCOME_WORDS[outcome])}</h3>`,
    `<p>${xml(pools.join(', '))}; from ${iso(from)} to ${iso(to)}.${because === '' ? '' : ` ${xml(because)}`}</p>`,
    ...(points.length === 0
      ? ['<p>Nothing was recorded before it ended.</p>']
      : [
          `<div class="chart" role="region" tabindex="0" aria-label="Chart of run ${index + 1}">${timelineChart(timeline, `run-${index + 1}`)}</div>`,
        ]),
    ...(steps.length === 0 ? [] : [htmlTable(`Steps of run ${index + 1}`, STEP_HEAD, steps.map(stepRow))]),
  ].join('\n');
}

function stepRow(step: TimelineStep): string[] {
  return stepCells(step).map(xml);
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
