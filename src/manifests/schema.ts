import {
  boolYaml11Tag,
  defineScalarTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  seqTag,
  strTag,
} from 'js-yaml';

// What a plain scalar is, is decided as kubectl decides it, so that we see the value that the API server would get:
// sigs.k8s.io/yaml v1.6, that is go.yaml.in/yaml/v2 resolve.go. That is YAML 1.1 (yes, on and y are booleans, 010 is 8,
// merge keys) but for three things: 1:30 is no number of base 60, 2024-01-01 stays a string, and 0o10 is octal, too.
// The ready-made YAML 1.1 schemas of js-yaml and yaml differ from it in just those.

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const DATE = /^[0-9]{4}-/;
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;

function number(source: string): number | typeof NOT_RESOLVED {
  const infinite = INFINITE.exec(source);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return NaN;
  if (DATE.test(source)) return NOT_RESOLVED;
  const plain = source.startsWith('.') ? source : source.replaceAll('_', '');
  const integer = INTEGER.exec(plain);
  if (integer) {
    const [, sign, hex, binary, octal, decimal] = integer;
    const value =
      hex !== undefined
        ? parseInt(hex, 16)
        : binary !== undefined
          ? parseInt(binary, 2)
          : octal !== undefined
            ? parseInt(octal, 8)
            : Number(decimal);
    return sign === '-' && value !== 0 ? -value : value;
  }
  return FLOAT.test(plain) ? Number(plain) : NOT_RESOLVED;
}

const numberTag = (tag: string) =>
  defineScalarTag<number>(tag, {
    implicit: tag.endsWith(':float'),
    implicitFirstChars: ['-', '+', '.', ...'0123456789'],
    resolve: number,
    identify: () => false,
  });

// Base64 that comes out as the text it stands for, as in Go, where strings are bytes.
const binaryTag = defineScalarTag<string>('tag:yaml.org,2002:binary', {
  resolve: (source) => Buffer.from(source, 'base64').toString('utf8'),
  identify: () => false,
});

const timestampTag = defineScalarTag<string>('tag:yaml.org,2002:timestamp', {
  resolve: (source) => source,
  identify: () => false,
});

export const KUBECTL_SCHEMA = new Schema([
  strTag,
  seqTag,
  mapTag,
  nullYaml11Tag,
  boolYaml11Tag,
  numberTag('tag:yaml.org,2002:int'),
  numberTag('tag:yaml.org,2002:float'),
  mergeTag,
  binaryTag,
  timestampTag,
]);
