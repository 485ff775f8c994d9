// Loaded before the specs of a mutation run: every mutant meets the same cases, and fewer of them, for what
// decides here is the sum over all mutants. A property that fails is told at once: nobody reads the smallest
// counterexample of a mutant.
import { registerHooks } from 'node:module';
import fc from 'fast-check';

/** Enough that the properties still meet every shape of their worlds. */
const RUNS = 25;

fc.configureGlobal({ seed: 20260501, numRuns: RUNS, endOnFailure: true });

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('.spec.ts')) return loaded;
    const source = String(loaded.source)
      .replace(/\bnumRuns: \d+/g, `numRuns: ${RUNS}`)
      // What is said of thousands of objects is about time, and takes much of it.
      .replace(/(\bit\([^\n]*function \(\) \{\n\s*)this\.timeout\([\d_]+\)/g, '$1this.skip()');
    return { ...loaded, source };
  },
});
