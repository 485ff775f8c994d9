import { qualifiedRef, refKey, refOf } from '../api/ref.ts';
import type { KubeObject } from '../api/object.ts';
import { helmInstallArgs, type ChartOptions } from '../convert/chart.ts';
import { shellWord } from '../report/text.ts';

/** The `helm install` command line for a v1 pool, ready to paste. */
export function helmLine(pool: KubeObject, chart: ChartOptions): string {
  return `helm ${helmInstallArgs(pool, chart).map(shellWord).join(' ')}`;
}

/** What helm wants to see on a pool that is there before it takes it over; '' for one that is not. */
export function adoptLines(pool: KubeObject, there: ReadonlySet<string>): string {
  const self = refOf(pool);
  if (!there.has(refKey(self))) return '';
  const target = `-n ${shellWord(self.namespace)} ${shellWord(qualifiedRef(self))}`;
  return [
    `kubectl label ${target} app.kubernetes.io/managed-by=Helm --overwrite\n`,
    `kubectl annotate ${target} meta.helm.sh/release-name=${shellWord(self.name)} meta.helm.sh/release-namespace=${shellWord(self.namespace)} --overwrite\n`,
  ].join('');
}
