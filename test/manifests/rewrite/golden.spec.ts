import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { rewriteText } from '../../../src/manifests/rewrite/rewrite.ts';
import { findingsText } from '../../../src/report/findings.ts';
import { PLAIN } from '../../../src/report/text.ts';
import { expectGolden } from '../../support/golden.ts';
import { alphaPool } from '../../support/objects.ts';
import { objectsIn, rewritesFor } from './rewritesFor.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'golden', 'rewrite');
const inputs = readdirSync(FOLDER).filter((name) => name.includes('.in.'));

// What other files of the same repository hold.
const elsewhere = ['food', 'drinks'].map((name) => {
  const { metadata, ...rest } = alphaPool(name);
  return { ...rest, metadata: { name: metadata.name } };
});

function rewritten(name: string, text: string) {
  return rewriteText(name, text, rewritesFor([...objectsIn(text), ...elsewhere]));
}

describe('rewriting manifests in place', () => {
  for (const name of inputs) {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const file = name.replace('.in', '');

    it(`${file} becomes what it has to be, and says what it can't`, () => {
      const { text: out, changed, findings } = rewritten(file, text);
      expectGolden(`rewrite/${name.replace('.in.', '.out.')}`, out);
      const said = changed.map(({ kind, name: object }) => `changed: ${kind} ${object}\n`).join('');
      expectGolden(`rewrite/${file}.findings.txt`, said + findingsText(findings, PLAIN));
    });

    it(`${file} is left alone once it is rewritten`, () => {
      const { text: out } = rewritten(file, text);
      const again = rewriteText(file, out, rewritesFor([...objectsIn(text), ...elsewhere]));
      expect(again.text).to.equal(out);
      expect(again.changed).to.be.empty;
    });

    it(`${file} keeps its CRLF line ends, its BOM, and the line end that is missing`, () => {
      const { text: out } = rewritten(file, text);
      const crlf = (lines: string) => lines.replaceAll('\n', '\r\n');
      expect(rewritten(file, `\ufeff${crlf(text)}`).text).to.equal(`\ufeff${crlf(out)}`);
      const cut = (lines: string) => lines.replace(/\n$/, '');
      expect(rewritten(file, cut(text)).text).to.equal(cut(out));
    });
  }
});
