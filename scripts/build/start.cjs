// The first lines of the binary: the program and V8's code cache of it lie beside them as assets. Node's own code cache
// (`useCodeCache`) is made before anything has run, so it holds no function but the outermost; these were made after a
// run (scripts/build/codeCache.ts), with the functions that such a run needs. V8 ignores one that is not its own.
'use strict';
const { getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

const asset = (name) => Buffer.from(getRawAsset(name));
// A larger cache takes longer to read, and what only prints needs little of it.
const [word = ''] = process.argv.slice(2);
const prints = word === '' || word === 'version' || word === 'completion' || word.startsWith('-');
const cachedData = asset(prints ? 'cache-start' : 'cache-cluster');
const script = new Script(asset('program').latin1Slice(), {
  filename: 'kubectl-infpool',
  // Empty in a binary that was made on another platform.
  ...(cachedData.length > 0 ? { cachedData } : {}),
});
script.runInThisContext()(exports, require, module, __filename, __dirname);
