// Each hostile text by itself, in every place of a runbook, by every shell of this machine; and many mixed ones.
import { expect } from 'chai';
import fc from 'fast-check';
import { shellWord } from '../../src/api/shellWord.ts';
import { handIn } from '../support/figures.ts';
import { PAYLOADS, TEXTS, unsafeIn } from './payloads.ts';
import { expectRunbookMeans, run } from './running.ts';
import { shells } from './shells.ts';
import { hostileContent } from './suite.ts';

/** Mixed texts a shell gets as words, so many a script. */
const MIXED = 2000;
const A_SCRIPT = 100;

hostileContent();

describe('hostile content, whole', function () {
  this.timeout(300_000);
  let runbooks = 0;
  let words = 0;

  for (const shell of shells()) {
    for (const [name, text] of Object.entries(PAYLOADS))
      it(`a runbook calls just what is meant, in ${shell}: ${name}`, () => {
        expectRunbookMeans(shell, text);
        runbooks++;
      });

    it(`mixed words come out of ${shell} as they went in, and run nothing`, () => {
      const mixed = fc.array(fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary' })), {
        maxLength: 4,
      });
      const texts = fc.sample(
        mixed
          .map((parts) => parts.join(''))
          .filter((text) => text.isWellFormed() && !text.includes('\u0000')),
        MIXED,
      );
      for (let at = 0; at < texts.length; at += A_SCRIPT) {
        const some = texts.slice(at, at + A_SCRIPT);
        const script = `kubectl ${some.map((text) => shellWord(text)).join(' ')}\n`;
        expect(unsafeIn(script)).to.deep.equal([]);
        const { status, stderr, calls, files } = run(shell, script);
        expect({ status, stderr, calls, files }).to.deep.equal({
          status: 0,
          stderr: '',
          calls: [['kubectl', ...some]],
          files: [],
        });
        words += some.length;
      }
    });
  }

  after(function () {
    if (this.test!.parent!.tests.some((test) => test.isFailed())) return;
    handIn('hostile-scripts', {
      place: 4,
      tried: `Hostile names and values in printed scripts, run by ${shells().join(' and ')}`,
      count: runbooks + words,
      outcome: `${runbooks} runbooks and ${words.toLocaleString('en-US')} words: each call had just the arguments that were meant, 0 others were made`,
    });
  });
});
