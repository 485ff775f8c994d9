// pkg's --sea, in a process of its own because pkg changes the working directory. Called by its function
// and not by its command: in 6.23 the command hands on neither `nodePath` (so that nothing is downloaded)
// nor `seaConfig` (so that there is a code cache).
import childProcess from 'node:child_process';
import { promisify } from 'node:util';
import type { SeaOptions } from '@yao-pkg/pkg/lib-es5/sea.js';

// pkg has Node write the blob. V8's seed, random by default, goes into the code cache, so every build would
// differ; --predictable fixes it, and Node takes that from the command line only. pkg keeps what it finds in
// child_process when it is loaded.
//
// pkg asks the Node that it is to use for its version, and has it write the blob. One for another platform can't do
// that, nor one for macOS that isn't signed again yet. So the Node that runs this answers; it has to be of exactly
// the same version.
const [script, options, version] = process.argv.slice(2);
if (version !== process.version)
  throw new Error(
    `only Node ${version} can make this binary; running is ${process.version}. Use: npm run build`,
  );
const execFile = promisify(childProcess.execFile);
Object.assign(childProcess, {
  execFile: Object.assign(() => undefined, {
    [promisify.custom]: (_: string, args: string[]) => execFile(process.execPath, ['--predictable', ...args]),
  }),
});

const { default: pkg } = await import('@yao-pkg/pkg/lib-es5/sea.js');
await pkg.default(script!, JSON.parse(options!) as SeaOptions);
