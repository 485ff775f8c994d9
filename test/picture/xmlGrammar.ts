// XML as strictly as an SVG of ours needs it: anything else than elements, quoted attributes and known entities fails.

export interface XmlElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** @throws where it is not well-formed */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const pattern = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<>]+)/y;
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error('a character that XML has not');
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new Error(`not XML at ${JSON.stringify(text.slice(from, from + 40))}`);
    const [, closing, name, attributes, empty, characters] = match;
    const current = open.at(-1)!;
    if (characters !== undefined) current.text += unescaped(characters);
    else if (closing) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const element: XmlElement = {
        name: name!,
        attributes: attributesOf(attributes!),
        children: [],
        text: '',
      };
      current.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one element that is closed');
  return root.children[0]!;
}

/** The element and all below it, in the document's order. */
export function elementsOf(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(elementsOf)];
}

function attributesOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/([\w:-]+)="([^"<]*)"/g)].map(
    ([, name, value]) => [name!, unescaped(value!)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length)
    throw new Error(`an attribute twice: ${text}`);
  return new Map(pairs);
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*);?/g, (all, name: string) => {
    if (!all.endsWith(';') || ENTITIES[name] === undefined) throw new Error(`not an entity: ${all}`);
    return ENTITIES[name];
  });
}
