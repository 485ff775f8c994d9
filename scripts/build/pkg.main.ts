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
// pkg also asks the Node that it is to use for its version. One for another platform can't answer, so we do
// (third argument); pkg then makes the blob with the Node that runs this, if that is of the same version.
const [script, options, foreignVersion] = process.argv.slice(2);
const execFile = promisify(childProcess.execFile);
const answer = async (file: string, args: string[]) =>
  foreignVersion && args[0] === '--version'
    ? { stdout: `${foreignVersion}\n`, stderr: '' }
    : await execFile(file, ['--predictable', ...args]);
Object.assign(childProcess, {
  execFile: Object.assign(() => undefined, { [promisify.custom]: answer }),
});

if (foreignVersion && foreignVersion !== process.version)
  throw new Error(`only Node ${foreignVersion} can make this binary; running is ${process.version}`);

const { default: pkg } = await import('@yao-pkg/pkg/lib-es5/sea.js');
await pkg.default(script!, JSON.parse(options!) as SeaOptions);
