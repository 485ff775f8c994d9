// Text of a cluster in our output: safe to print, safe to paste, and still what it was.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { toJson } from '../../src/api/json.ts';
import { shellWord } from '../../src/api/shellWord.ts';
import { isUnsafe } from '../../src/api/unsafe.ts';

const ESCAPE = '\u001b[31m';

describe('text that a terminal would obey', () => {
  it('is told by any of its characters, again and again', () => {
    for (const text of [ESCAPE, 'a\u202eb', 'a\u200b', '\u0000', 'x\n', '\ud800'])
      for (const _ of [1, 2]) expect(isUnsafe(text), JSON.stringify(text)).to.be.true;
    for (const text of ['', 'plain', 'größer', '日本', '😀']) expect(isUnsafe(text), text).to.be.false;
  });

  it('is escaped in JSON, which stays the same value', () => {
    expect(toJson({ a: 'x\u202ey' })).to.equal(String.raw`{"a":"x\u202ey"}`);
    expect(toJson('\u{e0001}')).to.equal(String.raw`"\udb40\udc01"`);
    expect(toJson({ a: [1] }, 2)).to.equal('{\n  "a": [\n    1\n  ]\n}');
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(toJson(value, 2))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a word for a shell', () => {
  it('stays as it is where no shell takes it for more, and is quoted else', () => {
    for (const word of ['food', 'a.b/c-d_e', 'x=y', 'user@host:80', '-n', '50%', 'a,b', '1+1'])
      expect(shellWord(word)).to.equal(word);
    expect(shellWord('')).to.equal("''");
    expect(shellWord('=ls')).to.equal("'=ls'");
    expect(shellWord('a b')).to.equal("'a b'");
    expect(shellWord("it's")).to.equal(String.raw`'it'\''s'`);
    expect(shellWord('a\nb')).to.equal("'a\nb'");
    expect(shellWord(`a${ESCAPE}`)).to.equal(String.raw`'a'"$(printf '\033')"'[31m'`);
    expect(shellWord('\u202e')).to.equal(String.raw`''"$(printf '\342\200\256')"''`);
    expect(shellWord('a\u0000b')).to.equal("'ab'");
  });

  it('reaches a program as it was, from any of these', () => {
    const words = [
      '$(id)',
      '`id`',
      'a;b',
      '!',
      '*',
      '~',
      '#',
      ESCAPE,
      'a\u00a0b',
      '\ttab',
      '"',
      '\\',
      'é\u202e',
      'x\ny',
    ];
    const line = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
    const seen = execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\u0000').slice(0, -1);
    expect(seen).to.deep.equal(words);
  });
});
