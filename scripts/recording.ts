// `npm run recording`: docs/recording.svg, a film of a real migration under load on the lab. About a minute.
import { copyFileSync, writeFileSync, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../test/lab/lab.ts';
import { startLoad } from '../test/lab/load/load.ts';
import { printed } from '../test/lab/load/print.ts';
import { downloads } from '../test/lab/parts/downloads.ts';
import { addressFlag } from './demo/typing.ts';
import { live } from './demo/stage.ts';
import { framesOf } from './recording/frames.ts';
import { record } from './recording/record.ts';
import { film } from './recording/svg.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const size = { columns: 124, rows: 34 };
const TITLE =
  'A terminal: kubectl infpool detect finds a pool of v1alpha2; kubectl infpool migrate moves it to v1 at 10, 50 and 100 percent while a client sends a hundred requests a second; none of them failed.';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

const built = join(root, 'dist', 'kubectl-infpool');
if (!existsSync(built)) throw new LabError('There is no binary yet: npm run build');
const stage = await live.setUp(undefined);
try {
  const folder = join(stage.lab.dir, 'recording');
  await downloads(folder, 'v1.0.0');
  copyFileSync(built, join(folder, 'kubectl-infpool'));
  const load = await startLoad({
    url: stage.url,
    rate: 100,
    models: stage.models,
    streamShare: 0.5,
    maxSeconds: 300,
  });
  const env = { ...process.env, ...stage.lab.env };
  const pieces = await record({
    ...size,
    cwd: folder,
    env: { ...env, PATH: [folder, env['PATH'] ?? ''].join(delimiter) },
    scenes: [
      'kubectl infpool detect',
      `kubectl infpool migrate --steps 10,50,100 --interval 5s --chart ./inferencepool --crds-from ./manifests.yaml${addressFlag(stage)} --yes`,
      async () => writeFileSync(join(folder, 'load.txt'), printed(await load.stop())),
      "grep ' requests in ' load.txt",
    ],
  });
  const report = await load.over;
  if (report.failed > 0) throw new LabError(`${report.failed} requests failed: no film of that`);
  const text = film(await framesOf(pieces, size), size, TITLE);
  writeFileSync(join(root, 'docs', 'recording.svg'), text);
  console.log(`docs/recording.svg: ${Math.ceil(text.length / 1000)} kB`);
} finally {
  await stage.lab.down();
}
process.exit();
