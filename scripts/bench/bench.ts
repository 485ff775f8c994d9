// What a benchmark is: a file of its own beside this one, named in ../bench.ts.
import type { Lab } from '../../test/lab/lab.ts';
import type { Contender } from './measure.ts';

export interface Stand {
  lab: Lab;
  /** path of our binary */
  binary: string;
}

export interface Bench {
  /** also the name of its markers in README.md: `<!-- bench:NAME -->` … `<!-- /bench:NAME -->` */
  name: string;
  /** one line: what is compared */
  what: string;
  /** Makes what is needed on the lab; returns the contenders, what they are compared with first, and the conditions. */
  prepare(stand: Stand): Promise<{ contenders: Contender[]; conditions: string }>;
}
