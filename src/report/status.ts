import { REPORT_API_VERSION } from '../api/names.ts';
import type { PoolStatus, StatusReport } from '../api/status.ts';
import { markdownCode, markdownRow, markdownText } from './markdown.ts';
import { table } from './table.ts';
import { percentText, safe } from './text.ts';

export function statusReport(status: StatusReport): Record<string, unknown> {
  return { apiVersion: REPORT_API_VERSION, kind: 'Status', ...status };
}

const HEAD = ['Namespace', 'Pool', 'V1 pool', 'Phase', 'On v1'];

/** How many next commands are printed; of more pools than that `-o wide` has them all. */
const NEXT = 10;

function cells(pool: PoolStatus): string[] {
  return [
    pool.ref.namespace,
    pool.phase === 'Done' ? '-' : pool.ref.name,
    pool.v1?.name ?? '-',
    pool.phase,
    percentText(pool.trafficPercentV1),
  ];
}

/** @param width of the terminal; `wide` has the next command in the row, however long it is */
export function statusTable(status: StatusReport, { wide, width }: { wide: boolean; width: number }): string {
  return wide
    ? table(
        [...HEAD, 'Next'],
        status.pools.map((pool) => [...cells(pool), pool.next || '-']),
        width,
      )
    : table(HEAD, status.pools.map(cells), width);
}

/** The next command of each pool, to be copied: for people, on stderr. */
export function statusNext(status: StatusReport): string {
  const commands = [...new Set(status.pools.map(({ next }) => next).filter((next) => next !== ''))];
  if (commands.length === 0) return '';
  const more = commands.length - NEXT;
  return [
    'Next:',
    ...commands.slice(0, NEXT).map((command) => `  ${safe(command)}`),
    ...(more > 0 ? [`  and ${more} more: kubectl infpool status -o wide`] : []),
    '',
  ].join('\n');
}

export function statusMarkdown(status: StatusReport): string {
  const rows = status.pools.map((pool) =>
    markdownRow([...cells(pool).map(markdownText), pool.next ? markdownCode(pool.next) : '-']),
  );
  const head = [...HEAD, 'Next'];
  return [markdownRow(head), `|${head.map(() => '---').join('|')}|`, ...rows, ''].join('\n');
}
