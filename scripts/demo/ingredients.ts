// What the demo needs of the outside: the lab's parts, upstream's charts and CRDs. Got or built once, in the
// background, while something else is on the screen.
import { chartDir, crdFiles } from '../../test/lab/parts/modules.ts';
import { ensureParts } from '../../test/lab/parts/parts.ts';
import { dataPlaneParts } from '../../test/lab/parts/versions.ts';
import { reported, reportTo, type Report, type Step } from '../../test/lab/parts/progress.ts';

export interface Ingredients {
  /** upstream's chart `inferencepool` of the release that the demo migrates to */
  chart: string;
  /** the files that the manifests.yaml of that release is made of */
  crds: string[];
}

export interface Fetching {
  /** Shows the progress from here on, and waits until all is there. */
  wait(): Promise<Ingredients>;
}

const RELEASE = 'v1.0.0';

/** @param live the data plane's parts, too */
export function startFetching(live: boolean): Fetching {
  const report = reportTo(process.stderr);
  // Only what is under way is worth a line later; what was over before anyone looked is not.
  let latest: Step | undefined;
  let shown = false;
  const result = fetchAll(live, (step) => {
    latest = step.state === 'running' ? step : undefined;
    if (shown) report(step);
  });
  result.catch(() => undefined); // told to whoever waits
  return {
    wait() {
      shown = true;
      if (latest) report(latest);
      return result;
    },
  };
}

async function fetchAll(live: boolean, report: Report): Promise<Ingredients> {
  const quietly = <T>(what: string, work: () => Promise<T>) => afterASecond(report, what, work);
  const ingredients = await quietly("fetching upstream's charts and CRDs", async () => {
    await Promise.all([chartDir('v0.3.0'), crdFiles('gateway-api')]);
    return { chart: await chartDir(RELEASE), crds: await crdFiles('gie', RELEASE) };
  });
  await ensureParts(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'helm'], report);
  if (live) await ensureParts(dataPlaneParts, report);
  return ingredients;
}

/** As `reported`, but without a word about what takes no time. */
function afterASecond<T>(report: Report, what: string, work: () => Promise<T>): Promise<T> {
  let told = false;
  return reported(
    (step) => {
      if (step.elapsedSeconds < 1 && !told) return;
      told = true;
      report(step);
    },
    what,
    work,
  );
}
