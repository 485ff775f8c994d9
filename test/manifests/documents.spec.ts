import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { documentsOf } from '../../src/manifests/documents.ts';

const cut = (stream: string) => [...documentsOf(stream)].map(({ text, line }) => [line, text]);

describe('a stream of documents', () => {
  const cases: [what: string, stream: string, expected: [number, string][]][] = [
    ['is one document without a marker', 'a: 1\n', [[1, 'a: 1\n']]],
    [
      'does not take a comment, or nothing, for directives',
      '\n# 100 %\n---\na: 1\n',
      [
        [1, '\n# 100 %\n'],
        [3, '---\na: 1\n'],
      ],
    ],
    [
      'is cut before each marker',
      'a: 1\n---\nb: 2\n',
      [
        [1, 'a: 1\n'],
        [2, '---\nb: 2\n'],
      ],
    ],
    [
      'is cut at a marker with content behind it',
      '--- {a: 1}\n--- {b: 2}\n',
      [
        [1, '--- {a: 1}\n'],
        [2, '--- {b: 2}\n'],
      ],
    ],
    [
      'is cut with Windows line ends',
      'a: 1\r\n---\r\nb: 2\r\n',
      [
        [1, 'a: 1\r\n'],
        [2, '---\r\nb: 2\r\n'],
      ],
    ],
    [
      'is cut with the line ends of old Macs',
      'a: 1\r---\rb: 2',
      [
        [1, 'a: 1\r'],
        [2, '---\rb: 2'],
      ],
    ],
    [
      'is cut behind the end of a document',
      'a: 1\n...\nb: 2\n',
      [
        [1, 'a: 1\n...\n'],
        [3, 'b: 2\n'],
      ],
    ],
    [
      'is not cut at what only looks like a marker',
      'a: |\n  ---\n----\n---b\n',
      [[1, 'a: |\n  ---\n----\n---b\n']],
    ],
    [
      'keeps directives with the document after them',
      '%YAML 1.1\n---\na: 1\n---\nb: 2\n',
      [
        [1, '%YAML 1.1\n---\na: 1\n'],
        [4, '---\nb: 2\n'],
      ],
    ],
    [
      'keeps a byte order mark with the first document',
      '\ufeff---\na: 1\n',
      [
        [1, '\ufeff'],
        [1, '---\na: 1\n'],
      ],
    ],
    ['is nothing where it is empty', '', []],
  ];
  for (const [what, stream, expected] of cases) it(what, () => expect(cut(stream)).to.deep.equal(expected));

  const line = fc.constantFrom(
    'a: 1',
    'b: [x, y]',
    '---',
    '--- c',
    '...',
    '# c',
    '',
    '  d: |',
    '    ---',
    '- e',
    '"f',
    '---g',
  );
  const stream = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'));

  it('loses nothing, and says on which line each part begins', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const parts = [...documentsOf(text)];
        expect(parts.map((part) => part.text).join('')).to.equal(text);
        let before = '';
        for (const part of parts) {
          expect(part.line).to.equal(before.split('\n').length);
          before += part.text;
        }
      }),
    );
  });

  it('is cut where a parser of the whole sees documents', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const whole = parseAllDocuments(text);
        if (!Array.isArray(whole) || whole.some(({ errors }) => errors.length > 0)) return;
        const values = (all: unknown[]) => all.filter((value) => value !== null);
        const parts = [...documentsOf(text)].flatMap((part) => {
          const documents = parseAllDocuments(part.text);
          return Array.isArray(documents) ? documents.map((document) => document.toJS() as unknown) : [];
        });
        expect(values(parts)).to.deep.equal(values(whole.map((document) => document.toJS() as unknown)));
      }),
    );
  });
});
