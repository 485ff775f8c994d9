// Killed before and after every single write, and run again: the end is the same as without the crash.
import { expect } from 'chai';
import { handIn } from '../support/figures.ts';
import { pointsOf, SCENE_NAMES } from './scenes.ts';
import { Troupe } from './troupe.ts';

const MINUTE = 60_000;
/** Labs at once. */
const STAGES = 4;

describe('SIGKILL before and after every write', function () {
  // Whoever hangs is found out by the program's own limits, and by `until`: a busy machine is no failure.
  this.timeout(60 * MINUTE);
  let troupe: Troupe;
  let tried = 0;
  const survived: string[] = [];

  before(async function () {
    this.timeout(15 * MINUTE); // where nothing is built yet
    troupe = await Troupe.start(STAGES);
  });
  after(() => troupe?.end());

  for (const name of SCENE_NAMES)
    it(`${name}, run again, ends as without the crash`, async () => {
      tried += await troupe.survive(name, pointsOf);
      survived.push(name);
    });

  it('is counted, where all of it was survived', () => {
    expect(survived).to.deep.equal(SCENE_NAMES);
    handIn('crash', {
      place: 2,
      tried: 'crash points: SIGKILL before, during and after each write',
      count: tried,
      outcome: 'each ended, run again, as without the crash; 0 backups half-written, 0 things left behind',
    });
  });
});
