import { expect } from 'chai';
import fc from 'fast-check';
import { toDot } from '../../src/picture/dot.ts';
import { toMermaid } from '../../src/picture/mermaid.ts';
import { nodeTexts } from '../../src/picture/picture.ts';
import { toSvg } from '../../src/picture/svg.ts';
import { plain } from '../../src/picture/words.ts';
import { drawnLines, parseDot } from './dotGrammar.ts';
import { hostilePictures } from './hostile.ts';
import { elementsOf, parseXml } from './xmlGrammar.ts';
import { runs } from '../support/runs.ts';

// Graphviz gets them broken into rows.
const joined = (rows: readonly string[]) => rows.join(' ');
const inXml = (text: string) => plain(text).replace(/[\ufffe\uffff]/g, '');

describe('a picture with hostile words in it', function () {
  this.timeout(60_000);

  it('is DOT, and every node and edge says what it has to', () => {
    fc.assert(
      fc.property(hostilePictures, (picture) => {
        const { nodes, edges } = parseDot(toDot(picture));
        for (const [index, node] of picture.nodes.entries())
          expect(joined(drawnLines(nodes.get(`n${index}`)!.get('label')!))).to.equal(
            joined(nodeTexts(node).map(plain)),
          );
        const ours = edges.filter(({ from }) => from.startsWith('n'));
        expect(ours).to.have.length(picture.edges.length);
        for (const [index, { label }] of picture.edges.entries())
          expect(drawnLines(ours[index]!.attributes.get('label')!)).to.deep.equal([plain(label)]);
      }),
    );
  });

  it('is well-formed XML without scripts, handlers or addresses, and every node says what it has to', () => {
    fc.assert(
      fc.property(hostilePictures, (picture) => {
        const all = elementsOf(parseXml(toSvg(picture, { id: 'ip', styled: false })));
        const names = ['svg', 'title', 'desc', 'defs', 'marker', 'path', 'rect', 'text', 'g'];
        for (const { name, attributes } of all) {
          expect(names).to.include(name);
          for (const attribute of attributes.keys()) expect(attribute).not.to.match(/^on|href|style/);
        }
        const titles = all
          .filter(({ name, children }) => name === 'g' && children[0]?.name === 'title')
          .map(({ children }) => children[0]!.text);
        expect(titles).to.have.length(picture.nodes.length);
        for (const [index, node] of picture.nodes.entries())
          expect(titles[index]!.split('\n').slice(0, nodeTexts(node).length)).to.deep.equal(
            nodeTexts(node).map(inXml),
          );
      }),
      runs(15),
    );
  });

  it('is one Mermaid line for each node and edge, with nothing outside of quotes but our own', () => {
    const text = String.raw`"[^"<>&\x60$@|\\{}[\]]*(?:<br\/>[^"<>&\x60$@|\\{}[\]]*)*"`;
    const shape = String.raw`[([{/\\>]{1,2}${text}[)\]}/]{1,2}(?::::\w+)?`;
    const arrow = String.raw`(?:-->|==>|-\.->|-\.-)(?:\|${text}\|)?`;
    const ours = String.raw`subgraph \w+\[${text}\]|end|classDef [\w #:,-]+|\w+(?: ~~~ \w+)+|linkStyle [\d,]+ stroke:#cf222e|flowchart LR|---|title: ".*"|config:| {2}flowchart:| {4}wrappingWidth: \d+|`;
    const line = new RegExp(
      String.raw`^ *(?:\w+${shape}|\w+ ${arrow} \w+|e\da\[" "\] ${arrow} e\db\[" "\]|${ours})$`,
    );
    fc.assert(
      fc.property(hostilePictures, (picture) => {
        for (const written of toMermaid(picture).split('\n')) expect(written).to.match(line);
      }),
    );
  });
});
