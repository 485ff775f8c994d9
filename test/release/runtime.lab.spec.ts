// Node as it is in the binary, without symbols and other locales, on this machine.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lean } from '../../scripts/build/binary.ts';
import { platformNode } from '../../scripts/build/platform-node.ts';
import { icuItems } from '../../scripts/build/trim-icu.ts';
import { run } from '../e2e/support.ts';

/** What each part of Intl makes in this locale; `undefined` is the environment's. */
const script = `
const of = (locale) => ({
  date: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'Europe/Berlin' }).format(0),
  month: new Date(0).toLocaleDateString(locale, { month: 'long', timeZone: 'UTC' }),
  currency: new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(1234.5),
  unit: new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte' }).format(3),
  relative: new Intl.RelativeTimeFormat(locale).format(3, 'day'),
  list: new Intl.ListFormat(locale).format(['a', 'b']),
  region: new Intl.DisplayNames(locale ?? 'en', { type: 'region' }).of('US'),
  sorted: ['z', 'a', 'ä'].sort(new Intl.Collator(locale).compare).join(''),
  plural: new Intl.PluralRules(locale).select(5),
  words: [...new Intl.Segmenter(locale, { granularity: 'word' }).segment('สวัสดีชาวโลก 世界')].length,
  characters: [...new Intl.Segmenter(locale).segment('👩‍👩‍👧é')].length,
  upper: 'ß'.toLocaleUpperCase(locale),
});
console.log(JSON.stringify({
  environment: of(undefined),
  named: Object.fromEntries(['en', 'de', 'ja', 'ar-EG', 'zh-Hant-TW', 'th', 'xx'].map((locale) => [locale, of(locale)])),
  decoded: new TextDecoder('shift_jis').decode(Buffer.from([0x82, 0xa0])),
  host: new URL('http://bücher.example').host,
  normal: 'é'.normalize('NFD').length,
}));`;

type Made = Record<string, string | number>;
interface Result {
  environment: Made;
  named: Record<string, Made>;
  decoded: string;
  host: string;
  normal: number;
}

describe('the Node in the binary', function () {
  this.timeout(60_000);
  const own = platformNode(join(import.meta.dirname, '..', '..'));
  let folder: string;
  let node: string;
  before(function () {
    if (process.platform === 'darwin') this.skip(); // not signed, so it does not run
    folder = mkdtempSync(join(tmpdir(), 'infpool-node-'));
    node = lean(own.path, join(folder, 'node'));
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  const results = async (program: string, locale: string): Promise<Result> => {
    const env = { LANG: locale, LC_ALL: locale, TZ: 'UTC' };
    const { code, stdout, stderr } = await run(program, ['-e', script], { env, cwd: folder });
    expect({ code, stderr }, locale).to.deep.equal({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Result;
  };

  it('is the pinned one, with the place where the program goes', async () => {
    const { stdout } = await run(node, ['--version'], { env: {}, cwd: folder });
    expect(stdout).to.equal(`v${own.version}\n`);
    expect(readFileSync(node).includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0')).to.be.true;
  });

  it('says in English what it said before', async () => {
    const [before, now] = [await results(own.path, 'en_US.UTF-8'), await results(node, 'en_US.UTF-8')];
    expect(now.environment).to.deep.equal(before.environment);
    expect(now.named['en']).to.deep.equal(before.named['en']);
    expect({ ...now, environment: {}, named: {} }).to.deep.equal({ ...before, environment: {}, named: {} });
  });

  it('trips over no locale, be it the environment’s or a named one, and breaks text as before', async () => {
    const before = await results(own.path, 'C');
    for (const locale of [
      'C',
      'de_DE.UTF-8',
      'ja_JP.UTF-8',
      'ar_EG',
      'tr_TR.UTF-8',
      'zh_Hant_TW',
      'xx_YY',
      '',
    ]) {
      const { environment, named } = await results(node, locale);
      for (const [name, made] of Object.entries({ environment, ...named })) {
        expect(made['region'], `${locale} ${name}`).to.match(/^United States$|^US$/);
        const { words, characters } = made;
        expect({ words, characters }).to.deep.equal({
          words: before.environment['words'],
          characters: before.environment['characters'],
        });
      }
    }
  });

  it('still has the lists that ICU looks into first', () => {
    const items = icuItems(readFileSync(node)).map((item) => item.replace(/^icudt\d+l\//, ''));
    expect(items).to.include.members([
      'res_index.res',
      'root.res',
      'pool.res',
      'en.res',
      'zoneinfo64.res',
      'curr/res_index.res',
    ]);
    expect(items).not.to.include('de.res');
  });
});
