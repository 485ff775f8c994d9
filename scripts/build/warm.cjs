// A run of the program after which its code cache is written. Arguments: the program, where the cache goes, the cache to
// go on from (or '-'), and the program's own arguments. A process of its own: V8's seed is fixed on its command line.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const [node, , program, output, input, ...args] = process.argv;
const script = new Script(readFileSync(program, 'latin1'), {
  filename: 'kubectl-infpool',
  ...(input === '-' ? {} : { cachedData: readFileSync(input) }),
});
if (script.cachedDataRejected) throw new Error(`V8 does not take ${input}`);
// Code that was not used for a while would be dropped, sooner or later as the machine is fast or slow. Set back before the
// cache is made: V8 takes one only under the flags of its making.
setFlagsFromString('--no-flush-bytecode');
process.on('exit', () => {
  setFlagsFromString('--flush-bytecode');
  writeFileSync(output, script.createCachedData());
});
// Whether a wait ends before an answer comes goes by how busy the machine is, and the functions that are compiled go by that.
// With none that ends, the same program gives the same bytes.
require('node:timers/promises').setTimeout = () => new Promise(() => {});
process.argv = [node, 'kubectl-infpool', ...args];
script.runInThisContext()({}, require, { exports: {} }, program, '');
