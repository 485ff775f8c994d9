// `npm run demo`: a whole migration on a real API server, as a newcomer would type it.
//   --live    under load, through Envoy and real endpoint pickers; by itself where those are built
//   --no-live command by command, on a Gateway that is played
//   --keep    leave the lab up at the end, and say how to use it
// Exit code 0 when every step was as it should be, 1 when one was not.
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LabError } from '../test/lab/lab.ts';
import { findPart } from '../test/lab/parts/parts.ts';
import { dataPlaneParts } from '../test/lab/parts/versions.ts';
import { ensureBinary } from './demo/binary.ts';
import { DemoFailure, insist } from './demo/expect.ts';
import { finale } from './demo/finale.ts';
import { startFetching, type Fetching } from './demo/ingredients.ts';
import { liveShow } from './demo/live.ts';
import { bad, blank, heading, say } from './demo/screen.ts';
import { type } from './demo/shell.ts';
import { live, played } from './demo/stage.ts';
import { steps } from './demo/steps.ts';
import { startClient } from './demo/traffic.ts';
import type { Play } from './demo/typing.ts';
import { makeWorkdir } from './demo/workdir.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

// By exit(), so that everything we started ends with us: compilers, the lab, the command being typed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    blank();
    bad('stopped; nothing is left running');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

let play: Play | undefined;
const { keep, live: wanted } = readOptions();
const isLive = wanted ?? dataPlaneParts.every((part) => findPart(part));
const setting = isLive ? live : played;
process.exitCode = await run();
if (keep && play) await leave(play);
else await play?.stage.lab.down();
process.exit();

async function run(): Promise<number> {
  try {
    await demo();
    return 0;
  } catch (error) {
    if (!(error instanceof DemoFailure || error instanceof LabError)) throw error;
    blank();
    bad(error.message);
    say('The demo stopped here.');
    return 1;
  }
}

async function demo(): Promise<void> {
  say('kubectl infpool: from v1alpha2 to v1 of the inference extension without dropping a request.');
  if (wanted === undefined)
    say(
      isLive
        ? "The data plane's parts are built, so this goes through Envoy and real endpoint pickers, under load."
        : 'Under load, through Envoy and real endpoint pickers (built first, about five minutes): npm run demo -- --live',
    );
  const fetching = startFetching(isLive);
  await withoutACluster();

  heading('A cluster with a preview stack');
  play = await setUp(fetching);
  await (isLive ? liveShow(play) : stepByStep(play));
}

async function stepByStep(play: Play): Promise<void> {
  const client = startClient(play.stage);
  for (const [index, { title, why, act }] of steps.entries()) {
    heading(`${index + 1} of ${steps.length} · ${title}`);
    say(why);
    blank();
    await act(play);
  }
  await finale(play, client);
}

/** On the screen within seconds, whatever has to be built for the rest. */
async function withoutACluster(): Promise<void> {
  heading('Without a cluster: a file of manifests');
  const shell = { cwd: root, env: process.env };
  await ensureBinary(shell);
  blank();
  const file = 'test/fixtures/demo/preview.yaml';
  const { code } = await type(shell, `dist/kubectl-infpool convert -f ${file}`, { lines: 33 });
  insist('the file can be converted', code === 0, code);
}

async function setUp(fetching: Fetching): Promise<Play> {
  say(setting.about);
  blank();
  const ingredients = await fetching.wait();
  say('Starting it, and installing the preview stack; about ten seconds …');
  const stage = await setting.setUp(keep ? 'demo' : undefined);
  const { lab, url } = stage;
  const PATH = [dist, lab.env['PATH']].join(delimiter);
  const shell = { cwd: makeWorkdir(lab, ingredients), env: { ...process.env, ...lab.env, PATH } };
  say(`It is up: ${lab.server}, ${lab.gitVersion}. The Gateway answers at ${url}.`);
  for (const line of ['helm list --short', 'kubectl get gateways.gateway.networking.k8s.io']) {
    blank();
    await type(shell, line);
  }
  return { stage, shell };
}

/** For playing on. */
async function leave({ stage: { lab }, shell }: Play): Promise<void> {
  await lab.stay();
  heading('The lab stays up');
  const path = [dist, join(lab.dir, 'bin'), '$PATH'].join(delimiter);
  process.stdout.write(`export KUBECONFIG=${lab.kubeconfig()}\nexport PATH="${path}"\ncd ${shell.cwd}\n`);
  blank();
  say('End it with: npm run lab -- down --name demo');
}

function readOptions(): { keep: boolean; live?: boolean } {
  try {
    return parseArgs({
      allowNegative: true,
      options: { keep: { type: 'boolean', default: false }, live: { type: 'boolean' } },
    }).values;
  } catch (error) {
    process.stderr.write(
      `${(error as Error).message}\nUsage: npm run demo [-- [--live | --no-live] [--keep]]\n`,
    );
    process.exit(1);
  }
}
