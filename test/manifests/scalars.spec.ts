import { expect } from 'chai';
import { loadManifests } from '../../src/manifests/load.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n';

/** The value that this text has as a field. */
function valueOf(text: string): unknown {
  const { objects, errors } = loadManifests('x', `${CONFIG}data:\n  field: ${text}\n`);
  expect(errors).to.deep.equal([]);
  return (objects[0]!.object['data'] as Record<string, unknown>)['field'];
}

describe('a scalar', () => {
  // As sigs.k8s.io/yaml v1.6 (go.yaml.in/yaml/v2, resolve.go) has it.
  const table: [text: string, value: unknown][] = [
    ['yes', true],
    ['on', true],
    ['y', true],
    ['No', false],
    ['OFF', false],
    ['yEs', 'yEs'],
    ['~', null],
    ['', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['010', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['-0b11', -3],
    ['08', 8],
    ['1_000', 1000],
    ['+5', 5],
    ['-0', 0],
    ['1:30', '1:30'],
    ['12:30:45', '12:30:45'],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1e+3', 1000],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['1.2.3', '1.2.3'],
    ['.', '.'],
    ['2024-01-01', '2024-01-01'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['2024-01', '2024-01'],
    ['"010"', '010'],
    ["'yes'", 'yes'],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['!!binary aGk=', 'hi'],
    ['=', '='],
    ['<<', '<<'],
  ];
  for (const [text, value] of table)
    it(`${text === '' ? 'that is empty' : text} is ${JSON.stringify(value)} as for kubectl`, () => {
      const actual = valueOf(text);
      if (Object.is(value, 0)) expect(actual === 0).to.equal(true);
      else expect(actual).to.equal(value);
    });

  it('that is no number is none', () => expect(valueOf('.nan')).to.be.NaN);
});
