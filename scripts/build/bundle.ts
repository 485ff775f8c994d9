// The whole program as one CommonJS file: what Node's single executables load, and what V8's code cache
// can be made of.
import { build, type Metafile } from 'esbuild';
import { audit } from './audit.ts';
import { BuildError } from './error.ts';
import type { Identity } from './identity.ts';
import { trim } from './trim.ts';

interface Options {
  root: string;
  entry: string;
  outfile: string;
  identity: Identity;
}

// Libraries look for files beside themselves by import.meta.url (yargs: its locales and a package.json to
// read settings from). This place can't exist, so nothing that lies about on the user's disk is read.
const nowhere = `const bundleUrl = require('node:url').pathToFileURL(
  require('node:path').join(__filename, '..', 'kubectl-infpool-bundle', 'node_modules', 'a', 'b', 'c'),
).href;`;

/** Writes the bundle; throws a BuildError when it holds what must not be in there. */
export async function bundle({ root, entry, outfile, identity }: Options): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    metafile: true,
    legalComments: 'none',
    // Not minified: start-up is the same (within 2 ms), and a stack trace can be read.
    minify: false,
    // `import()` works neither in a single executable nor with a code cache; of a bundled file it is a require.
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': 'bundleUrl',
      __VERSION__: JSON.stringify(identity.version),
      __COMMIT__: JSON.stringify(identity.commit),
      __BUILD_DATE__: JSON.stringify(identity.date),
    },
    banner: { js: nowhere },
    // The name in stack traces; without it they show where the build ran.
    footer: { js: '//# sourceURL=kubectl-infpool' },
    plugins: [trim],
    logLevel: 'warning',
  }).catch(() => {
    throw new BuildError('esbuild could not bundle it; its lines above say why.');
  });
  audit(metafile);
  return metafile;
}
