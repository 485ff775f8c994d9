// A report for people: tables and a timeline, in plain ASCII.
import type { Figures, LoadReport } from './report.ts';

const BAR = 20;

export function table(report: LoadReport): string {
  const { sent, failed, rate, seconds, url, maxLagMs } = report;
  const sections: [string, Record<string, Figures>][] = [
    ['pool', report.byPool],
    ['pod', report.byPod],
    ['model', report.byModel],
    ['completion', report.byKind],
  ];
  const head = `${sent} requests in ${seconds} s to ${url} (${rate}/s wanted, sent up to ${maxLagMs} ms late): ${failed} failed`;
  const problems = Object.entries(report.problems).map(([problem, count]) => `  ${count} x ${problem}`);
  const width = Math.max(10, ...sections.flatMap(([, rows]) => Object.keys(rows).map((name) => name.length)));
  const lines = sections.flatMap(([title, rows]) => [
    '',
    `${title.padEnd(width)} ${columns.map((name) => name.padStart(8)).join('')}`,
    ...Object.entries(rows).map(([name, row]) => `${name.padEnd(width)} ${cells(row, sent)}`),
  ]);
  return [head, ...problems, ...lines].join('\n');
}

const columns = ['sent', 'share', 'failed', 'p50 ms', 'p99 ms', 'max ms'];

function cells({ sent, failed, p50, p99, max }: Figures, of: number): string {
  const share = of === 0 ? '-' : `${((100 * sent) / of).toFixed(1)}%`;
  return [sent, share, failed, ms(p50), ms(p99), ms(max)].map((cell) => String(cell).padStart(8)).join('');
}

const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0);

/** From each mark to the next. */
export function phaseTable({ phases }: LoadReport): string {
  const width = Math.max(10, ...phases.map(({ label }) => label.length));
  const names = ['from s', 'sent', 'on v1', 'failed', 'p50 ms', 'p99 ms'];
  const rows = phases.map(({ label, from, sent, v1Share, failed, p50, p99 }) =>
    [
      label.padEnd(width),
      ...[(from / 1000).toFixed(1), sent, percent(v1Share), failed, ms(p50), ms(p99)].map(right),
    ].join(''),
  );
  return [`${'phase'.padEnd(width)}${names.map(right).join('')}`, ...rows].join('\n');
}

const right = (cell: string | number) => String(cell).padStart(9);
const percent = (share: number) => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)}%`);

/** A line a second: `#` is the share that v1 served, `X` marks seconds with failures. */
export function timeline({ timeline: rows, marks }: LoadReport): string {
  const head = `${'second'.padStart(6)} ${'req/s'.padStart(6)} ${'on v1'.padStart(6)}  ${'alpha to v1'.padEnd(BAR + 2)} ${'failed'.padStart(6)} ${'p50 ms'.padStart(7)} ${'p99 ms'.padStart(7)}`;
  const lines = rows.map((row, second) => {
    const full = Number.isNaN(row.v1Share) ? 0 : Math.round(row.v1Share * BAR);
    const bar = row.sent === 0 ? ' '.repeat(BAR) : '#'.repeat(full) + '.'.repeat(BAR - full);
    const here = marks.filter(({ at }) => Math.floor(at / 1000) === second).map(({ label }) => label);
    const figures = [
      String(second).padStart(6),
      String(row.sent).padStart(6),
      percent(row.v1Share).padStart(6),
      ` |${bar}|`,
      String(row.failed).padStart(6),
      ms(row.p50).padStart(7),
      ms(row.p99).padStart(7),
      row.failed > 0 ? 'X' : ' ',
      here.length > 0 ? `<- ${here.join(', ')}` : '',
    ];
    return figures.join(' ').trimEnd();
  });
  return [head, ...lines].join('\n');
}

/** All of it: what a person wants to see at the end. */
export function printed(report: LoadReport): string {
  const parts = [timeline(report), ...(report.marks.length > 0 ? [phaseTable(report)] : []), table(report)];
  return `${parts.join('\n\n')}\n`;
}
