// The end of the demo: one whole answer of the v1 pool, and what was seen on the way.
import { complete } from '../../test/lab/scenarios/building-blocks.ts';
import * as cluster from './cluster.ts';
import { must } from './expect.ts';
import { blank, elapsed, heading, printed, say } from './screen.ts';
import type { Play } from './typing.ts';
import type { Client } from './traffic.ts';

export async function finale({ stage }: Play, client: Client): Promise<void> {
  heading('v1 serves');
  say(`POST ${stage.url}/v1/completions, model ${stage.model}, max_tokens 100, temperature 0`);
  const { status, pool, pod, body } = await complete(stage.url, stage.model);
  printed(`HTTP ${status}, served by pool ${pool}, pod ${pod}`);
  printed(body.trim());
  blank();
  must(
    'a real request through the Gateway is answered 200 by the v1 pool',
    status === 200 && pool === `inference.networking.k8s.io/default/${stage.ga}`,
    { status, pool },
  );

  heading('In short');
  const { requests, ok, alpha, v1, failures } = await client.stop();
  must(
    `a client asked every 50 ms from before phase 1 until now: ${requests} requests, ${ok} answered 200 (${alpha} by the alpha pool, ${v1} by the v1 pool)`,
    ok === requests && requests > 0,
    failures.slice(0, 3),
  );
  const crds = await cluster.inferenceCrds(stage);
  must('no alpha object and no alpha CRD is left', !crds.some(isAlpha), crds);
  const objectives = Object.keys(await cluster.priorities(stage));
  must(`v1 runs: pool ${stage.ga}, ${objectives.length} InferenceObjectives`, objectives.length === 4);
  blank();
  say(`The demo took ${elapsed()}. The same on your cluster: the six commands in README.md.`);
  say(
    'By hand on this machine, under load, with the way back: docs/tutorial.md. What it says of yours, writing nothing: kubectl infpool detect',
  );
}

const isAlpha = (crd: string) =>
  ['inferencepools', 'inferencemodels'].some((kind) => crd === `${kind}.inference.networking.x-k8s.io`);
