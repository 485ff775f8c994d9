import { dump } from 'js-yaml';
import type { KubeObject } from '../api/object.ts';
import { UNSAFE } from '../api/unsafe.ts';

/** One YAML document, without a marker. Its text is safe to print, whatever the values hold. */
export function toYaml(value: unknown): string {
  return dumped(value, false);
}

/** With keys in alphabetical order, as kubectl diff shows them: only what differs differs. */
export function toSortedYaml(value: unknown): string {
  return dumped(value, true);
}

/** A stream that `kubectl apply -f -` takes. */
export function toYamlStream(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${toYaml(ordered(object))}`).join('');
}

// apiVersion, kind and metadata first, as people write them.
function ordered(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  return { apiVersion, kind, metadata, ...rest };
}

const BY_DUMP = /[\n\t]/;

/**
 * js-yaml escapes control characters, and prints marks that turn text around or have no width as they are. Where there are
 * such, each unsafe character goes in as a control character with a number behind it, which puts the text between double
 * quotes, and the number then becomes the escape.
 */
function dumped(value: unknown, sortKeys: boolean): string {
  const options = { noRefs: true, lineWidth: -1, sortKeys };
  const plain = dump(value, options);
  if (plain.replace(UNSAFE, keepOrDrop) === plain) return plain;
  let mark = 'u';
  while (plain.includes(`\\x01${mark}`)) mark += 'u';
  const marked = mapTexts(value, (text) =>
    text.replace(UNSAFE, (character) =>
      BY_DUMP.test(character)
        ? character
        : `\u0001${mark}${character.codePointAt(0)!.toString(16).padStart(8, '0')}`,
    ),
  );
  return dump(marked, options).replaceAll(new RegExp(`\\\\x01${mark}([0-9a-f]{8})`, 'g'), (_, hex: string) =>
    hex.startsWith('0000') ? `\\u${hex.slice(4)}` : `\\U${hex}`,
  );
}

function keepOrDrop(character: string): string {
  return BY_DUMP.test(character) ? character : '';
}

/** Keys are texts, too. `fromEntries` makes an own property of any key, `__proto__` as well. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [change(key), mapTexts(inner, change)]),
  );
}
