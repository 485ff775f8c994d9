import { safe } from '../report/text.ts';
import type { Flags } from './command.ts';
import type { Context } from './context.ts';

/** Manifests instead of a cluster. */
export const filesFlags: Flags = {
  filename: {
    // Given several times it is an array; as an `array` yargs would not take the - of stdin.
    type: 'string',
    alias: 'f',
    describe: 'Look at these manifests: file, folder or - for stdin; repeatable',
  },
  recursive: { type: 'boolean', alias: 'R', describe: 'With -f of a folder: and all folders below' },
};

/** What becomes of them: printed, where neither is given. */
export const filesOutputFlags: Flags = {
  'output-dir': { type: 'string', describe: 'With -f: write the files as they are on v1 below this folder' },
  'in-place': {
    type: 'boolean',
    describe: 'With -f: change the files themselves, and only what has to change',
  },
};

const PROBLEMS_SHOWN = 100;

/** Each on a line of its own, for the editor to jump to. */
export function showProblems(problems: readonly string[], context: Context): void {
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) context.stderr.write(`error: ${safe(problem)}\n`);
  if (problems.length > PROBLEMS_SHOWN)
    context.stderr.write(`error: and ${problems.length - PROBLEMS_SHOWN} more like these\n`);
}
