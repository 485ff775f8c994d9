import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import { shellWord } from '../../src/api/shellWord.ts';
import { toJson } from '../../src/api/json.ts';
import { markdownCode, markdownText } from '../../src/report/markdown.ts';
import { table } from '../../src/report/table.ts';
import { forTerminal, paint, safe } from '../../src/report/text.ts';
import { toSortedYaml, toYaml } from '../../src/report/yaml.ts';
import { PAYLOADS, TEXTS, unsafeIn } from './payloads.ts';
import { shells } from './shells.ts';

const anyText = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme' }))).map((all) => all.join('')),
);
const wellFormed = anyText.filter((text) => text.isWellFormed());
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    wellFormed,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(wellFormed, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

describe('text that somebody wrote', () => {
  for (const [name, text] of Object.entries(PAYLOADS))
    it(`is one safe line: ${name}`, () => {
      expect(unsafeIn(safe(text))).to.deep.equal([]);
      expect(safe(text)).not.to.match(/[\n\r\t]/);
      expect(table(['a', 'b'], [[text, text]]).split('\n')).to.have.length(3);
    });

  it('is safe whatever it is', () => {
    fc.assert(fc.property(anyText, (text) => void expect(unsafeIn(safe(text))).to.deep.equal([])));
  });

  it('is safe with each character that there is', function () {
    this.timeout(10_000);
    for (let block = 0; block < 0x110000; block += 0x1000) {
      const all = Array.from({ length: 0x1000 }, (_, index) => String.fromCodePoint(block + index)).join('|');
      for (const made of [safe(all), shellWord(all), toJson(all), toYaml(all)])
        expect(unsafeIn(made), block.toString(16)).to.deep.equal([]);
    }
  });

  it('passes the last guard without what a terminal obeys; our own colours pass where there are some', () => {
    const style = { color: true, width: 80 };
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unsafeIn(forTerminal(text, { color: false }))).to.deep.equal([]);
        const passed = forTerminal(`${text}${paint(style, 'red', 'x')}\n`, style);
        expect(passed.endsWith('\u001b[31mx\u001b[0m\n')).to.be.true;
        expect(unsafeIn(passed.replaceAll(/\u001b\[\d+m/g, ''))).to.deep.equal([]);
      }),
    );
    expect(forTerminal('\u001b[8m\u001b[2J\u001b[38;5;1m', style)).to.equal('[8m[2J[38;5;1m');
  });

  it('of a megabyte is made safe in no time', function () {
    this.timeout(20_000); // by the square of its length it would be minutes
    expect(safe('\u202ea'.repeat(500_000))).to.have.length(500_000);
    expect(markdownText('|[`'.repeat(300_000))).to.have.length(1_800_000);
    expect(toYaml({ a: '\u202ea\n'.repeat(100_000) })).to.match(/^a: "\\u202ea\\n/);
  });
});

describe('JSON', () => {
  it('is the value again, and its text is safe', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        for (const text of [toJson(value), toJson(value, 2)]) {
          expect(JSON.parse(text)).to.deep.equal(value);
          expect(unsafeIn(text)).to.deep.equal([]);
        }
      }),
    );
  });
});

describe('YAML', () => {
  it('is the value again to two parsers, of YAML 1.1 too, and its text is safe', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        for (const text of [toYaml(value), toSortedYaml(value)]) {
          expect(unsafeIn(text), text).to.deep.equal([]);
          expect(load(text, { maxDepth: 100 } as object)).to.deep.equal(value);
          expect(parse(text, { maxAliasCount: 0 })).to.deep.equal(value);
        }
      }),
    );
  });

  for (const [name, text] of Object.entries(PAYLOADS))
    it(`has as key and value: ${name}`, () => {
      const value = Object.fromEntries([[text, [text, { [`a${text}`]: text }]]]) as unknown;
      const yaml = toYaml(value);
      expect(load(yaml)).to.deep.equal(value);
      for (const version of ['1.1', '1.2'] as const)
        expect(parse(yaml, { version, merge: false }), yaml).to.deep.equal(value);
    });

  it('takes nothing that looks like its own escapes for one', () => {
    for (const text of ['\\x01u0000202e', '\u202e\\x01u0000202e', '\u0001u0000202e\u202e', '\\u202e\u202e'])
      expect(load(toYaml({ [text]: text, plain: '\\x01u' }))).to.deep.equal({
        [text]: text,
        plain: '\\x01u',
      });
  });
});

describe('Markdown', () => {
  it('has no character left that means something, in any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const made = markdownText(text);
        expect(unsafeIn(made)).to.deep.equal([]);
        const left = made.replaceAll('&#8203;', '').replaceAll(/\\[\\`*_[\]<>#|~&$:]/g, '');
        expect(left).not.to.match(/[\\`*_[\]<>#|~&$]|:\/\//);
      }),
    );
  });

  it('makes nobody a mention, nothing a link or a formula', () => {
    for (const text of TEXTS) {
      const made = markdownText(text).replaceAll('&#8203;', '\u200b');
      expect(made).not.to.match(/@\w|#\d|GH-\d|www\.|^\s*[=+@]|^\s*-./);
    }
    expect(markdownText('-')).to.equal('-');
    expect(markdownText('llm-route, 33.33% (a/b)')).to.equal('llm-route, 33.33% (a/b)');
  });

  it('has code spans that nothing ends, on one row', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(markdownCode(text).slice(1, -1)).not.to.match(/[`|\n]/);
        expect(unsafeIn(markdownCode(text))).to.deep.equal([]);
      }),
    );
  });
});

describe('a word for the shell', () => {
  it('holds nothing that a terminal obeys, so it can be pasted', () => {
    fc.assert(fc.property(anyText, (text) => void expect(unsafeIn(shellWord(text))).to.deep.equal([])));
    expect(shellWord('a\tb')).to.equal(`'a'"$(printf '\\011')"'b'`);
  });

  for (const shell of shells())
    it(`comes out of ${shell} as it went in`, function () {
      this.timeout(20_000);
      const words = [
        ...TEXTS,
        ...fc.sample(
          wellFormed.filter((text) => !text.includes('\u0000')),
          200,
        ),
      ];
      const script = `printf '%s\\0' ${words.map((word) => shellWord(word)).join(' ')}`;
      const out = execFileSync(shell, { input: script, encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
      expect(out.split('\u0000').slice(0, -1)).to.deep.equal(words);
    });
});
