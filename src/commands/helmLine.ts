import type { KubeObject } from '../api/object.ts';
import { helmInstallArgs, type ChartOptions } from '../convert/chart.ts';
import { shellWord } from '../report/text.ts';

/** The `helm install` command line for a v1 pool, ready to paste. */
export function helmLine(pool: KubeObject, chart: ChartOptions): string {
  return `helm ${helmInstallArgs(pool, chart).map(shellWord).join(' ')}`;
}
