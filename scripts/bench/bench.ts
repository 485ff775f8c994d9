// What a benchmark is: a file of its own beside this one, named in ../bench.ts.
import type { Lab } from '../../test/lab/lab.ts';
import type { Contender } from './measure.ts';

export interface Stand {
  lab: Lab;
  /** path of our binary */
  binary: string;
}

interface Named {
  /** also the name of its markers in README.md: `<!-- bench:NAME -->` … `<!-- /bench:NAME -->` */
  name: string;
  /** one line: what is measured */
  what: string;
}

/** Command lines against each other. */
export interface Bench extends Named {
  /** Makes what is needed on the lab; returns the contenders, what they are compared with first, and the conditions. */
  prepare(stand: Stand): Promise<{ contenders: Contender[]; conditions: string; end?: () => Promise<void> }>;
}

/** Something else, on labs of its own; runs only when it is named. */
export interface Trial extends Named {
  run(binary: string): Promise<{ section: string; conditions: string }>;
}
