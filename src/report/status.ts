import { REPORT_API_VERSION } from '../api/names.ts';
import type { StatusReport } from '../api/status.ts';
import { table } from './table.ts';
import { percentText } from './text.ts';

export function statusReport(status: StatusReport): Record<string, unknown> {
  return { apiVersion: REPORT_API_VERSION, kind: 'Status', ...status };
}

export function statusTable(status: StatusReport): string {
  return table(
    ['Namespace', 'Pool', 'V1 pool', 'Phase', 'On v1', 'Next'],
    status.pools.map((pool) => [
      pool.ref.namespace,
      pool.phase === 'Done' ? '-' : pool.ref.name,
      pool.v1?.name ?? '-',
      pool.phase,
      percentText(pool.trafficPercentV1),
      pool.next || '-',
    ]),
  );
}

export function statusMarkdown(status: StatusReport): string {
  const cell = (text: string) => text.replace(/[|`\n]/g, ' ');
  const rows = status.pools.map(
    (pool) =>
      `| ${[pool.ref.namespace, pool.ref.name, pool.v1?.name ?? '-', pool.phase, percentText(pool.trafficPercentV1), pool.next ? `\`${cell(pool.next)}\`` : '-'].join(' | ')} |`,
  );
  return [
    '| Namespace | Pool | V1 pool | Phase | On v1 | Next |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
