import { expect } from 'chai';
import { xml } from '../../src/api/xml.ts';

describe('text in XML', () => {
  const rows: [what: string, text: string, written: string][] = [
    [
      'what it has for markup',
      `<a href="x">'&'</a>`,
      '&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;',
    ],
    ['what is escaped already', '&lt;', '&amp;lt;'],
    ['lines and tabs are spaces', 'a\nb\tc', 'a b c'],
    ['what a terminal would obey, or nobody sees', 'a\u001b[31mb\u202ec\u200bd\u0000', 'a[31mbcd'],
    ['what is in no XML', 'a\ufffeb\uffffc\ud800d', 'abcd'],
    ['all else', 'größer 日本 😀', 'größer 日本 😀'],
  ];
  for (const [what, text, written] of rows) it(what, () => expect(xml(text)).to.equal(written));
});
