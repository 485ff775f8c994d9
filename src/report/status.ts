import { REPORT_API_VERSION } from '../api/names.ts';
import type { PoolStatus, StatusReport } from '../api/status.ts';
import { markdownCode, markdownRow, markdownText } from './markdown.ts';
import { table } from './table.ts';
import { percentText } from './text.ts';

export function statusReport(status: StatusReport): Record<string, unknown> {
  return { apiVersion: REPORT_API_VERSION, kind: 'Status', ...status };
}

const HEAD = ['Namespace', 'Pool', 'V1 pool', 'Phase', 'On v1', 'Next'];

function cells(pool: PoolStatus): string[] {
  return [
    pool.ref.namespace,
    pool.phase === 'Done' ? '-' : pool.ref.name,
    pool.v1?.name ?? '-',
    pool.phase,
    percentText(pool.trafficPercentV1),
  ];
}

export function statusTable(status: StatusReport): string {
  return table(
    HEAD,
    status.pools.map((pool) => [...cells(pool), pool.next || '-']),
  );
}

export function statusMarkdown(status: StatusReport): string {
  const rows = status.pools.map((pool) =>
    markdownRow([...cells(pool).map(markdownText), pool.next ? markdownCode(pool.next) : '-']),
  );
  return [markdownRow(HEAD), `|${HEAD.map(() => '---').join('|')}|`, ...rows, ''].join('\n');
}
