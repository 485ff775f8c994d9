// One step of a gradual migration: traffic to a percentage, then the gate.
import { EXIT, UserError } from '../api/errors.ts';
import type { Context } from './context.ts';
import type { GateResult } from './gate.ts';
import { patiently } from './patiently.ts';
import type { Rivals } from './rivals.ts';
import { ATTEMPTS, type Shifted } from './shift.ts';

export interface StepWork {
  readonly percent: number;
  move(): Promise<Shifted>;
  hold(): Promise<GateResult>;
}

/**
 * Rules that others add while we watch are brought to the percent, too; what they change of ours ends it (see Rivals), but
 * for a gate that failed: then the way back comes first, and leaves what others changed as it is.
 */
export async function trafficStep(
  rivals: Pick<Rivals, 'expect' | 'added'>,
  context: Context,
  { percent, move, hold }: StepWork,
): Promise<GateResult> {
  for (let round = 1; ; round++) {
    const shifted = await patiently(move, context, context.patienceMs);
    if (shifted.state !== 'shown') rivals.expect(percent, shifted.routes);
    const gate = await hold();
    if (gate.decision.verdict !== 'pass' || !rivals.added()) return gate;
    if (round === ATTEMPTS)
      throw new UserError(
        `Stopped at ${percent} percent: somebody keeps adding rules that send to the alpha pool.`,
        {
          exitCode: EXIT.refused,
          hint: 'See which: kubectl infpool detect -o wide; when they are left alone, run this again: it goes on from there.',
        },
      );
    context.stderr.write(`Somebody added rules meanwhile: bringing them to ${percent} percent, too.\n`);
  }
}
