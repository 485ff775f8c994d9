import type { Finding } from '../../api/finding.ts';
import { canonicalJson } from '../../api/json.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf, type Ref } from '../../api/ref.ts';
import { asJsonList, listOf, withDocuments } from './appended.ts';
import type { Change, Rewritten } from './change.ts';
import { parsed, type Part } from './documents.ts';
import { differences, NotEditable, type Edit, type Path } from './edits.ts';
import { Editor } from './editor.ts';
import { isList, isObject } from './objects.ts';
import { withoutDocument } from './removedDocument.ts';
import { changeOf } from './rules.ts';
import { styleOf } from './style.ts';
import type { Targets } from './targets.ts';

/** Where a part stands in its file. */
export interface PartPlace {
  readonly file: string;
  readonly first: boolean;
  readonly alone: boolean;
  /** How far the file's sequences are indented; undefined where it has none. */
  readonly dash: number | undefined;
}

/** One part of a file, rewritten; a document that would not say what is intended stays as it was. */
export function rewritePart(part: Part, targets: Targets, place: PartPlace): Rewritten {
  const changed: Ref[] = [];
  const findings: Finding[] = [];
  let { text } = part;
  let values = part.values;
  // From the back: what comes before a document keeps its offsets.
  for (let index = part.documents.length - 1; index >= 0; index--) {
    const done = new DocumentWork(text, part, index, targets, place).rewritten(values);
    ({ text, values } = done);
    changed.unshift(...done.changed);
    findings.unshift(...done.findings);
  }
  return { text, changed, findings };
}

class DocumentWork {
  readonly #text: string;
  readonly #part: Part;
  readonly #index: number;
  readonly #targets: Targets;
  readonly #place: PartPlace;
  #editor: Editor | null = null;
  readonly #changed: { before: KubeObject; after: KubeObject | null }[] = [];
  readonly #findings: Finding[] = [];
  #gone = false;
  readonly #behind: KubeObject[] = [];

  constructor(text: string, part: Part, index: number, targets: Targets, place: PartPlace) {
    this.#text = text;
    this.#part = part;
    this.#index = index;
    this.#targets = targets;
    this.#place = place;
  }

  rewritten(values: readonly unknown[]): Rewritten & { values: readonly unknown[] } {
    const intended = this.#intend(this.#part.values[this.#index], []);
    const same = { text: this.#text, values, changed: [] };
    if (this.#changed.length === 0) return { ...same, findings: this.#findings };
    try {
      const { text, own } = this.#newText(intended);
      const wanted = values.toSpliced(this.#index, 1, ...own);
      const got = parsed(text)?.values;
      if (canonicalJson(got) !== canonicalJson(wanted))
        throw new NotEditable(
          'the outcome would not be what is intended (an anchor that others use, perhaps)',
        );
      const changed = this.#changed.map(({ before }) => refOf(before));
      return { text, values: wanted, changed, findings: this.#findings };
    } catch (cause) {
      const findings = this.#changed.map(({ before, after }) => this.#byHand(before, after, cause));
      return { ...same, findings: [...this.#findings, ...findings] };
    }
  }

  // The new text, and what this document's place then has to hold.
  #newText(intended: readonly unknown[]): { text: string; own: unknown[] } {
    if (this.#gone) {
      if (this.#part.documents.length > 1 || this.#behind.length > 0)
        throw new NotEditable('it can not be taken out of this file alone');
      return { text: withoutDocument(this.#text, this.#part.documents[0]!, this.#place.first), own: [] };
    }
    const text = this.#edited().text();
    const own = [...intended, ...this.#behind];
    if (this.#behind.length === 0) return { text, own };
    if (this.#place.alone && isJson(this.#text))
      return { text: asJsonList(text, this.#behind), own: [listOf(own)] };
    return { text: withDocuments(text, this.#index, this.#behind, this.#place.dash), own };
  }

  #edited(): Editor {
    const document = this.#part.documents[this.#index]!;
    return (this.#editor ??= new Editor(
      this.#text,
      document,
      styleOf(document, this.#text, this.#place.dash),
    ));
  }

  // What has to stand in place of a value; the edits for it are taken on the way.
  #intend(value: unknown, path: Path): unknown[] {
    if (isList(value)) {
      const items = value.items.flatMap((item, index) => this.#intend(item, [...path, 'items', index]));
      return [{ ...value, items }];
    }
    if (!isObject(value)) return [value];
    let change: Change | null = null;
    try {
      change = changeOf(value, this.#targets);
      const edits = this.#edits(change, path);
      if (edits.length > 0 || change.intended === null) {
        this.#edited().take(edits);
        this.#changed.push({ before: value, after: change.intended });
      }
    } catch (cause) {
      this.#findings.push(this.#byHand(value, change?.intended ?? null, cause));
      return [value];
    }
    this.#findings.push(...change.findings);
    const stays = change.intended === null ? [] : [change.intended];
    if (path.length > 0) return [...stays, ...change.added];
    this.#gone = change.intended === null;
    this.#behind.push(...change.added);
    return stays;
  }

  // A document's own edits; as an item of a List it also comes and goes by edits.
  #edits(change: Change, path: Path): Edit[] {
    const inner = change.edits.map((edit) => ({ ...edit, path: [...path, ...edit.path] }) as Edit);
    if (path.length === 0) return inner;
    const added = change.added.map((value): Edit => ({ op: 'append', path, value }));
    return [...(change.intended === null ? [{ op: 'remove', path } as const] : inner), ...added];
  }

  #byHand(before: KubeObject, after: KubeObject | null, cause: unknown): Finding {
    const why = cause instanceof NotEditable ? cause.message : `its form is unexpected (${String(cause)})`;
    const steps = after ? differences(before, after).join('; ') : '';
    return {
      id: 'manifest-not-editable',
      severity: 'error',
      ref: refOf(before),
      field: '',
      message: `${this.#place.file}: it was left as it is, so the file still says v1alpha2: ${why}.`,
      hint:
        steps === ''
          ? `Edit ${this.#place.file} by hand; "kubectl infpool convert" prints the objects that it has to hold.`
          : `Edit ${this.#place.file} by hand: ${steps}`,
    };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
