import { expect } from 'chai';
import fc from 'fast-check';
import { loadManifests } from '../../src/manifests/load.ts';
import { toSortedYaml, toYaml, toYamlStream } from '../../src/report/yaml.ts';
import { alphaPool, model, object } from '../support/objects.ts';
import { CONFIG_MAP } from '../../src/api/resource.ts';

describe('YAML', () => {
  it('is a stream of documents, apiVersion, kind and metadata first', () => {
    const { metadata, ...rest } = model();
    const text = toYamlStream([{ ...rest, metadata }, alphaPool()]);
    expect(text.match(/^---$/gm)).to.have.length(2);
    for (const part of text.split('---\n').slice(1))
      expect(part).to.match(/^apiVersion: .*\nkind: .*\nmetadata:\n {2}name:/);
    expect(toYamlStream([])).to.equal('');
  });

  it('never abbreviates: no anchors, no folded lines', () => {
    const labels = { a: 'b' };
    expect(toYaml({ one: labels, two: labels })).not.to.match(/[&*]/);
    const long = 'word '.repeat(100).trim();
    expect(toYaml({ long })).to.equal(`long: ${long}\n`);
  });

  it('sorts keys for comparing', () => {
    expect(toSortedYaml({ b: 1, a: { d: 1, c: 2 } })).to.equal('a:\n  c: 2\n  d: 1\nb: 1\n');
  });

  it('is read back as it was by those who read YAML 1.1, as kubectl does', () => {
    const odd = fc.constantFrom(
      'y',
      'n',
      'on',
      'off',
      'yes',
      'No',
      '007',
      '0x1f',
      '1e3',
      '1_000',
      '12:30',
      '~',
      'null',
      '',
      ' a',
      '- b',
      '#c',
      '2026-11-23',
      '.5',
      '=',
      '<<',
    );
    const value = fc.oneof(
      odd,
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    );
    fc.assert(
      fc.property(
        fc.dictionary(odd, value),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value),
        (one, two) => {
          const config = object(CONFIG_MAP, 'c', { data: { ...two, ...one } });
          const { objects, errors } = loadManifests('x', toYamlStream([config]));
          expect(errors).to.be.empty;
          expect(objects.map((loaded) => loaded.object)).to.deep.equal([config]);
        },
      ),
    );
  });
});
