// pkg's --sea, in a process of its own because pkg changes the working directory. Called by its function
// and not by its command: in 6.23 the command hands on neither `nodePath` (so that nothing is downloaded)
// nor `seaConfig` (so that there is a code cache).
import childProcess from 'node:child_process';
import { promisify } from 'node:util';
import type { SeaOptions } from '@yao-pkg/pkg/lib-es5/sea.js';

// pkg has Node write the blob. V8's seed, random by default, goes into the code cache, so every build would
// differ; --predictable fixes it, and Node takes that from the command line only. pkg keeps what it finds in
// child_process when it is loaded.
const execFile = promisify(childProcess.execFile);
Object.assign(childProcess, {
  execFile: Object.assign(() => undefined, {
    [promisify.custom]: (file: string, args: string[]) => execFile(file, ['--predictable', ...args]),
  }),
});

const { default: pkg } = await import('@yao-pkg/pkg/lib-es5/sea.js');
const [script, options] = process.argv.slice(2);
await pkg.default(script!, JSON.parse(options!) as SeaOptions);
