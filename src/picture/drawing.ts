import type { Ref } from '../api/ref.ts';
import { refKey } from '../api/ref.ts';
import { objectOf } from '../inventory/build.ts';
import type { EdgeKind, Line, NodeKind, PictureEdge, PictureNode, Sign } from './picture.ts';
import type { Scene } from './scene.ts';
import { Signs } from './signs.ts';

interface More {
  readonly kind: NodeKind;
  readonly caption: string;
  readonly lines?: readonly Line[];
  readonly trouble?: readonly Sign[];
  readonly doubt?: readonly Sign[];
}

/** A picture in the making: each object once, each edge once. */
export class Drawing {
  readonly scene: Scene;
  readonly signs: Signs;
  readonly nodes = new Map<string, PictureNode>();
  readonly #edges = new Map<string, PictureEdge>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.signs = new Signs(scene);
  }

  get edges(): PictureEdge[] {
    return [...this.#edges.values()];
  }

  has(ref: Ref): boolean {
    return this.nodes.has(refKey(ref));
  }

  /** One object, found or not; returns its key. */
  object(ref: Ref, { kind, caption, lines = [], trouble = [], doubt = [] }: More): string {
    const key = refKey(ref);
    if (this.nodes.has(key)) return key;
    const told = this.signs.of(ref);
    const absence = this.#absence(ref, told.trouble.length + told.doubt.length > 0);
    this.node({
      key,
      kind,
      group: ref.namespace,
      title: ref.name,
      caption,
      lines: [...absence.lines, ...lines],
      trouble: [...told.trouble, ...absence.trouble, ...trouble],
      doubt: [...told.doubt, ...doubt],
      names: [ref.name],
    });
    return key;
  }

  node(node: PictureNode): void {
    if (!this.nodes.has(node.key)) this.nodes.set(node.key, node);
  }

  edge(from: string, to: string, kind: EdgeKind, label = ''): void {
    const key = JSON.stringify([from, to, kind, label]);
    if (from !== to && !this.#edges.has(key)) this.#edges.set(key, { from, to, kind, label });
  }

  #absence(ref: Ref, told: boolean): { lines: Line[]; trouble: Sign[] } {
    const { inventory, lookedFor } = this.scene;
    if (objectOf(inventory, ref) || !KINDS_READ.has(ref.kind)) return { lines: [], trouble: [] };
    if (!lookedFor(ref)) return { lines: [{ text: 'not in what was read' }], trouble: [] };
    if (told) return { lines: [], trouble: [] }; // a check says it
    return { lines: [], trouble: [{ id: 'not-found', text: 'It does not exist' }] };
  }
}

// Services and pods are told by checks: they are not among an Inventory's objects.
const KINDS_READ = new Set(['InferencePool', 'Gateway', 'HTTPRoute']);
