/** What a node stands for; each has a shape of its own in every format. */
export type NodeKind =
  | 'gateway'
  | 'route'
  | 'rule'
  | 'alphaPool'
  | 'v1Pool'
  | 'picker'
  | 'servers'
  | 'models'
  | 'backend'
  | 'other';

/** `parent`: asks to be served by. `part`: a route's rule. `reference`: points at, without requests. */
export type EdgeKind = 'parent' | 'part' | 'traffic' | 'mirror' | 'picks' | 'selects' | 'reference';

/** Red where they lead to something broken; that a Gateway has a broken route says nothing about the Gateway. */
export const CARRIES: ReadonlySet<EdgeKind> = new Set<EdgeKind>(['traffic', 'mirror', 'picks', 'selects']);

/** Something that is wrong (a failed check, an error) or could not be told. */
export interface Sign {
  readonly id: string;
  readonly text: string;
}

export interface Line {
  readonly text: string;
  /** True where it is of this object alone: it is left out where several that are alike are drawn as one. */
  readonly own?: boolean;
}

export interface PictureNode {
  readonly key: string;
  readonly kind: NodeKind;
  /** Namespace; '' for what lies in none. After folding the key of a group. */
  readonly group: string;
  readonly title: string;
  /** What it is, in Kubernetes' words: `InferencePool v1alpha2`. */
  readonly caption: string;
  readonly lines: readonly Line[];
  readonly trouble: readonly Sign[];
  readonly doubt: readonly Sign[];
  /** The names that it stands for; more than one where objects that are alike are drawn as one. */
  readonly names: readonly string[];
}

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label: string;
}

export interface PictureGroup {
  readonly key: string;
  readonly title: string;
}

/** Gateways → routes → rules → pools → endpoint pickers and model servers, and whatever else points at the pools. */
export interface Picture {
  readonly title: string;
  /** What has to be said beside it, such as what could not be read. */
  readonly notes: readonly string[];
  readonly groups: readonly PictureGroup[];
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** So many names are written out. */
const NAMED = 3;

/** `a, b, c and 9 more` */
export function someOf(names: readonly string[], most = NAMED): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** What a node says, from top to bottom; its state comes as a word and a sign, never by colour alone. */
export function nodeTexts(node: PictureNode): string[] {
  return [
    node.title,
    node.caption,
    ...node.lines.map(({ text }) => text),
    ...node.trouble.map(({ id, text }) => `× broken: ${id}: ${text}`),
    ...node.doubt.map(({ id, text }) => `? unknown: ${id}: ${text}`),
  ];
}

export type Health = 'broken' | 'unknown' | 'plain';

export function healthOf(node: Pick<PictureNode, 'trouble' | 'doubt'>): Health {
  return node.trouble.length > 0 ? 'broken' : node.doubt.length > 0 ? 'unknown' : 'plain';
}
