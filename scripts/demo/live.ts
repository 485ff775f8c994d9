// The live demo: one command moves everything, under a constant load through Envoy and real endpoint pickers.
import { startLoad, type Load, type LoadReport } from '../../test/lab/load/load.ts';
import { phaseTable, table, timeline } from '../../test/lab/load/print.ts';
import * as cluster from './cluster.ts';
import { must } from './expect.ts';
import { follow, seenAt, shareWasRight, type Held } from './follow.ts';
import { blank, elapsed, good, heading, pasted, say } from './screen.ts';
import { look, migrateLine, ours, type Play } from './typing.ts';

const RATE = 100;
const steps = [10, 50, 100];

export async function liveShow(play: Play): Promise<void> {
  const { stage } = play;
  heading('Requests, from before the first command to after the last');
  const load = await startLoad({
    url: stage.url,
    rate: RATE,
    models: stage.models,
    streamShare: 0.5,
    maxSeconds: 300,
  });
  say(
    `From now on ${RATE} requests a second go to ${stage.url}: half of them streamed, a tenth on a connection of their own, for ${stage.models.join(' and ')}.`,
  );
  const held = await allOfIt(play, load);
  const report = await load.stop();

  heading('What the client saw');
  pasted(`${timeline(report)}\n\n${phaseTable(report)}\n\n${table(report)}`);
  judge(report, held);
  const crds = await cluster.inferenceCrds(stage);
  const alpha = crds.filter((crd) => /^inference(pools|models)\.inference\.networking\.x-k8s\.io$/.test(crd));
  must('no alpha object and no alpha CRD is left', alpha.length === 0, alpha);
  blank();
  say(`The demo took ${elapsed()}. Command by command, and without Envoy:`);
  say('npm run demo -- --no-live');
}

async function allOfIt(play: Play, load: Load): Promise<Held[]> {
  const { lab, route } = play.stage;
  heading('Is a migration needed?');
  await ours(play, 'detect');
  heading(`The whole way: v1 beside alpha, ${steps.join(', ')} percent, cleanup`);
  say(
    'At each step it watches conditions, endpoint pickers and requests of its own; at a bad sign it turns back.',
  );
  blank();
  load.mark('migrate');
  const work = ours(play, migrateLine(play, steps), { live: true });
  const held = await follow({ kube: lab.admin, namespace: 'default', route }, load, work);
  await work;
  load.mark('done');
  heading('Is anything left?');
  await ours(play, 'detect');
  await look(play, 'helm list --short');
  return held;
}

function judge(report: LoadReport, held: Held[]): void {
  blank();
  must(`${report.sent} requests, not one failed`, report.failed === 0 && report.sent > 0, report.problems);
  for (const percent of steps) {
    const seen = seenAt(report, held, percent);
    if (!seen) continue;
    const text = `at ${percent} percent v1 served ${(100 * seen.v1Share).toFixed(1)} percent of ${seen.sent} requests`;
    // A fair draw is further off than that once in some hundred times.
    if (shareWasRight(report, held, percent)) good(text);
    else say(`${text}: more than three standard deviations off`);
  }
  must('v1 serves everything', report.timeline.at(-1)?.v1Share === 1, report.timeline.at(-1)?.v1Share);
}
