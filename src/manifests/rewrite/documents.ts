import { isCollection, parseAllDocuments, visit, type Document } from 'yaml';

/** A part of a file that can be read alone: as a rule one document, with the marker before it. */
export interface Part {
  readonly text: string;
  readonly documents: readonly Document[];
  /** Their values, with aliases and merge keys resolved. */
  readonly values: readonly unknown[];
}

// What a document has to mention to be of interest; the others, most of a file as a rule, are not even parsed.
const MENTIONS = ['inference.networking', 'InferencePool', 'InferenceModel', 'DestinationRule'];

export function ofInterest(text: string): boolean {
  return MENTIONS.some((word) => text.includes(word));
}

/**
 * The file cut before each document marker; the parts put together are the text. YAML allows `---` at the start of a
 * line nowhere else, not even within a block of text or quotes. Directives belong to the document that follows them, so
 * a file that has some stays in one piece.
 */
export function partsOf(text: string): string[] {
  if (text.startsWith('%') || text.includes('\n%')) return [text];
  const parts: string[] = [];
  let start = 0;
  for (let at = text.indexOf('\n---'); at >= 0; at = text.indexOf('\n---', at + 1)) {
    if (!/^[ \t\r\n]?$/.test(text.slice(at + 4, at + 5))) continue;
    parts.push(text.slice(start, at + 1));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

/** Null for what can't be read; who loads manifests says so. */
export function parsed(text: string): Part | null {
  try {
    const found = parseAllDocuments(text, { version: '1.1', merge: true });
    const documents = Array.isArray(found) ? found.filter(({ contents }) => contents !== null) : [];
    if (documents.some(({ errors }) => errors.length > 0)) return null;
    if (text.includes('{{') && documents.some(isTemplate)) return null;
    return { text, documents, values: documents.map((document) => document.toJS({ maxAliasCount: 100 })) };
  } catch {
    return null;
  }
}

// `selector: {{ .Values.selector }}` happens to be YAML: a mapping whose key is a mapping.
function isTemplate(document: Document): boolean {
  let found = false;
  visit(document, {
    Pair(_, { key }) {
      found ||= isCollection(key);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}
