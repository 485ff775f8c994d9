import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import { addToBlock, addToFlow, appendToBlock, appendToFlow } from './additions.ts';
import { NotEditable, type Edit, type Path } from './edits.ts';
import { isBlock } from './places.ts';
import { blockPairRegion, blockItemRegion, flowRemovals } from './removals.ts';
import { plain, scalarLike, type Style } from './style.ts';
import { spliced, type Splice } from './splices.ts';
import { wrapped } from './wrap.ts';

/** What a path leads to: a pair of a mapping, or an item of a sequence. */
interface Place {
  readonly parent: Node;
  readonly index: number;
  readonly pair: Pair | null;
  readonly node: Node | null;
}

/**
 * Edits of one document's text. Nothing is serialised anew: each edit becomes splices at the places of its nodes, so
 * all that no edit names keeps its bytes.
 */
export class Editor {
  readonly #text: string;
  readonly #document: Document;
  readonly #style: Style;
  readonly #splices: Splice[] = [];
  readonly #scalars = new Map<Node, string | number>();
  readonly #aliases: { node: Node; source: Node | undefined; value: string | number }[] = [];
  readonly #flowRemovals = new Map<Node, Set<number>>();

  /**
   * @param document a document of `text` without parse errors, with the offsets of `text`
   * @param style the author's, for what is added
   */
  constructor(text: string, document: Document, style: Style) {
    this.#text = text;
    this.#document = document;
    this.#style = style;
  }

  /** Takes all of the edits, or none of them and throws NotEditable. */
  take(edits: readonly Edit[]): void {
    const trial = new Editor(this.#text, this.#document, this.#style);
    for (const edit of edits) trial.#one(edit);
    for (const edit of edits) this.#one(edit);
  }

  /** The whole text with the edits made. */
  text(): string {
    const splices = [...this.#splices];
    for (const [node, value] of this.#scalars) splices.push(this.#overwritten(node, value));
    // An alias follows its anchor where that gets the same value; else it stops being an alias.
    for (const { node, source, value } of this.#aliases)
      if (!source || this.#scalars.get(source) !== value)
        splices.push({ start: node.range![0], end: node.range![1], text: plain(String(value)) });
    for (const [parent, indexes] of this.#flowRemovals)
      splices.push(...flowRemovals(this.#text, parent, indexes));
    return spliced(this.#text, splices);
  }

  #one(edit: Edit): void {
    if (edit.op === 'add') return this.#add(edit);
    const place = this.#find(edit.path);
    switch (edit.op) {
      case 'set':
        return this.#set(place, edit.value);
      case 'rename':
        return void this.#scalars.set(pairOf(place).key as Node, edit.key);
      case 'wrap':
        return void this.#splices.push(
          ...wrapped(this.#text, place.parent, pairOf(place), edit.shape, this.#style),
        );
      case 'remove':
        return this.#remove(place);
      case 'replace':
        return this.#replace(place, edit.key, edit.value);
      case 'append': {
        const append = isBlock(place.parent) ? appendToBlock : appendToFlow;
        return void this.#splices.push(
          append(this.#text, place.parent, place.node!, edit.value, this.#style),
        );
      }
    }
  }

  #set({ node }: Place, value: string | number): void {
    if (isAlias(node)) {
      const source = node.resolve(this.#document) as Node | undefined;
      this.#aliases.push({ node, source, value });
    } else if (isScalar(node)) this.#scalars.set(node, value);
    else throw new NotEditable('a single value was expected');
  }

  #overwritten(node: Node, value: string | number): Splice {
    if (!isScalar(node)) throw new NotEditable('a single value was expected');
    const [start, end] = node.range!;
    const text = scalarLike(node, value);
    return { start, end, text: start === end ? ` ${text}` : text };
  }

  #remove({ parent, index, pair }: Place): void {
    if (!isBlock(parent)) {
      const indexes = this.#flowRemovals.get(parent) ?? new Set();
      this.#flowRemovals.set(parent, indexes.add(index));
    } else if (pair) this.#splices.push(blockPairRegion(this.#text, parent as YAMLMap, index));
    else this.#splices.push(blockItemRegion(this.#text, parent, index));
  }

  #replace(place: Place, key: string, value: string | number): void {
    const pair = pairOf(place);
    if (isBlock(place.parent)) {
      const text = `${key}: ${value}`;
      const region = blockPairRegion(this.#text, place.parent as YAMLMap, place.index, {
        text,
        eol: this.#style.eol,
      });
      this.#splices.push(region);
    } else {
      const start = (pair.key as Node).range![0];
      const end = ((pair.value ?? pair.key) as Node).range![1];
      const quoted = this.#style.json ? JSON.stringify(key) : key;
      this.#splices.push({ start, end, text: `${quoted}${this.#style.colon}${value}` });
    }
  }

  #add({ path, key, value, after }: Edit & { op: 'add' }): void {
    const map = this.#resolved(path.length === 0 ? this.#document.contents : this.#find(path).node);
    if (!isMap(map)) throw new NotEditable(`${shown(path)} is not a mapping`);
    const behind = map.items.findLast((pair) => after.includes(keyOf(pair))) ?? null;
    const add = isBlock(map) ? addToBlock : addToFlow;
    this.#splices.push(add(this.#text, map, behind, key, value, this.#style));
  }

  #find(path: Path): Place {
    let node = this.#document.contents as Node | null;
    let place: Place | null = null;
    for (const [depth, key] of path.entries()) {
      const parent = this.#resolved(node);
      if (isMap(parent)) {
        const index = parent.items.findIndex((pair) => keyOf(pair) === key);
        const pair = parent.items[index];
        if (!pair) throw missing(parent, path.slice(0, depth + 1));
        node = pair.value as Node | null;
        place = { parent, index, pair, node };
      } else if (isSeq(parent) && typeof key === 'number' && key < parent.items.length) {
        node = parent.items[key] as Node;
        place = { parent, index: key, pair: null, node };
      } else throw new NotEditable(`${shown(path.slice(0, depth + 1))} is not there`);
    }
    if (!place) throw new NotEditable('the document itself can not be changed');
    return place;
  }

  #resolved(node: Node | null): Node | null {
    return isAlias(node) ? ((node.resolve(this.#document) as Node | undefined) ?? null) : node;
  }
}

function pairOf({ pair }: Place): Pair {
  if (!pair) throw new NotEditable('a key was expected');
  return pair;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function missing(parent: YAMLMap, path: Path): NotEditable {
  const merged = parent.items.some((pair) => isScalar(pair.key) && pair.key.source === '<<');
  return new NotEditable(
    merged ? `${shown(path)} comes through a merge key (<<)` : `${shown(path)} is not there`,
  );
}

function shown(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index ? `.${key}` : key)).join('');
}
