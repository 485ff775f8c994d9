// V8's code caches of the program, each made after runs of it: what such a run needs is compiled in there.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './child.ts';
import { BuildError } from './error.ts';
import { startModelCluster } from './modelCluster.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The names by which start.cjs finds them, and the runs after which each is made. */
const CACHES: Record<string, string[][]> = {
  'cache-start': [['version', '--client'], ['--help']],
  'cache-cluster': [['detect'], ['status']],
};

export type Assets = Record<string, string>;

/**
 * The files that go into the binary beside start.cjs: the program as a function, and its code caches, which are empty when
 * the binary is for a platform whose Node does not run here. The same program gives the same bytes.
 * @param folder where they are written
 */
export async function makeAssets(script: string, folder: string, own: boolean): Promise<Assets> {
  // It is read as Latin-1, which takes a tenth of the time. esbuild escapes all others but those in comments.
  const text = readFileSync(script, 'utf8').replaceAll(/^ *(?:\/\/|\/?\*).*$/gm, (comment) =>
    comment.replaceAll(/[^\0-\x7f]/g, '?'),
  );
  const foreign = /^.*[^\0-\x7f].*$/m.exec(text);
  if (foreign)
    throw new BuildError(
      'the bundle has characters outside of ASCII. In a regular expression esbuild leaves them as they are; write them ' +
        `as \\u2192 there:\n${foreign[0]}`,
    );
  const program = join(folder, 'program');
  writeFileSync(program, `(function (exports, require, module, __filename, __dirname) {${text}\n})`);
  const assets: Assets = { program };
  const cluster = own ? await startModelCluster(join(folder, 'kubeconfig')) : undefined;
  try {
    for (const [name, runs] of Object.entries(CACHES)) {
      assets[name] = join(folder, name);
      if (cluster === undefined) writeFileSync(assets[name], '');
      else await warm({ program, cache: assets[name], runs, kubeconfig: cluster.kubeconfig, folder });
    }
  } finally {
    cluster?.stop();
  }
  return assets;
}

interface Warming {
  program: string;
  cache: string;
  runs: string[][];
  kubeconfig: string;
  folder: string;
}

async function warm({ program, cache, runs, kubeconfig, folder }: Warming): Promise<void> {
  let input = '-';
  for (const args of runs) {
    const command = ['--predictable', join(here, 'warm.cjs'), program, cache, input, ...args];
    const { code, stderr } = await run(process.execPath, command, {
      HOME: folder,
      PATH: '',
      KUBECONFIG: kubeconfig,
    });
    if (code !== 0) throw new BuildError(`no code cache: ${args.join(' ')} ended with ${code}\n${stderr}`);
    input = cache;
  }
}
