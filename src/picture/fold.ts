// What looks the same many times is drawn once, with a number and names: first pools of one namespace with all that
// belongs to them (a lane), then whole namespaces.
import type { Line, Picture, PictureEdge, PictureNode } from './picture.ts';
import { someOf } from './picture.ts';

/** Fewer alike are drawn one by one. */
const ALIKE = 4;

/** Nodes that go together, in an order that is the same for sets that look the same. */
interface Part {
  readonly nodes: readonly PictureNode[];
  /** Equal for parts that may be drawn as one. */
  readonly looks: string;
}

export function foldLanes(picture: Picture): Picture {
  const shared = sharedGateways(picture);
  const lanes = components(picture, shared).filter((nodes) => nodes.some(isPool));
  const parts = lanes.map((nodes) =>
    partOf(nodes, picture, [...new Set(nodes.map(({ group }) => group))].sort()),
  );
  return foldAlike(picture, parts);
}

/** Namespaces that look the same, as one group; only those that have nothing to do with another but by a shared Gateway. */
export function foldNamespaces(picture: Picture): Picture {
  const shared = sharedGateways(picture);
  const byKey = new Map(picture.nodes.map((node) => [node.key, node]));
  const mixed = new Set(
    picture.edges.flatMap(({ from, to }) => {
      const [a, b] = [byKey.get(from)!, byKey.get(to)!];
      if (a.group === b.group || shared.has(from) || shared.has(to)) return [];
      return [a.group, b.group];
    }),
  );
  const groups = Map.groupBy(picture.nodes, ({ group }) => group);
  const alone = [...groups].filter(
    ([name, nodes]) =>
      name !== '' && !mixed.has(name) && nodes.some(isPool) && !nodes.some(({ key }) => shared.has(key)),
  );
  const parts = alone.map(([, nodes]) => partOf(nodes, picture, []));
  const folded = foldAlike(picture, parts);
  const gone = new Map<string, string[]>();
  for (const same of alikeOf(parts)) {
    const names = same.map(({ nodes }) => nodes[0]!.group);
    gone.set(names[0]!, names);
    for (const name of names.slice(1)) gone.set(name, []);
  }
  return {
    ...folded,
    groups: folded.groups.flatMap((group) => {
      const names = gone.get(group.key);
      if (!names) return [group];
      return names.length === 0
        ? []
        : [{ key: group.key, title: `${names.length} namespaces: ${someOf(names)}` }];
    }),
  };
}

function isPool({ kind }: PictureNode): boolean {
  return kind === 'alphaPool' || kind === 'v1Pool';
}

// A Gateway that several lanes hang on belongs to none of them.
function sharedGateways(picture: Picture): Set<string> {
  const gateways = new Set(picture.nodes.filter(({ kind }) => kind === 'gateway').map(({ key }) => key));
  const lane = new Map<string, number>();
  for (const [index, nodes] of components(picture, gateways).entries())
    for (const { key } of nodes) lane.set(key, index);
  const lanes = new Map<string, Set<number>>();
  for (const { from, to } of picture.edges) {
    if (!gateways.has(from)) continue;
    lanes.set(from, (lanes.get(from) ?? new Set()).add(lane.get(to) ?? -1));
  }
  return new Set([...lanes].filter(([, of]) => of.size > 1).map(([key]) => key));
}

function components(picture: Picture, without: ReadonlySet<string>): PictureNode[][] {
  const parent = new Map(picture.nodes.map(({ key }) => [key, key]));
  const root = (key: string): string => {
    let at = key;
    while (parent.get(at) !== at) at = parent.get(at)!;
    parent.set(key, at);
    return at;
  };
  for (const { from, to } of picture.edges)
    if (!without.has(from) && !without.has(to)) parent.set(root(from), root(to));
  const nodes = picture.nodes.filter(({ key }) => !without.has(key));
  return [...Map.groupBy(nodes, ({ key }) => root(key)).values()];
}

function lookOf(node: PictureNode): string {
  const ids = (signs: readonly { id: string }[]) => [...new Set(signs.map(({ id }) => id))].sort();
  const lines = node.lines.filter(({ own }) => !own).map(({ text }) => text);
  const title = node.kind === 'rule' ? node.title : '';
  return JSON.stringify([node.kind, node.caption, title, lines, ids(node.trouble), ids(node.doubt)]);
}

function partOf(nodes: readonly PictureNode[], { edges }: Picture, where: readonly string[]): Part {
  const looks = new Map(nodes.map((node) => [node.key, lookOf(node)]));
  const sorted = nodes.toSorted(
    (a, b) => compare(looks.get(a.key)!, looks.get(b.key)!) || compare(a.title, b.title),
  );
  const index = new Map(sorted.map(({ key }, position) => [key, position]));
  const lines = edges
    .filter(({ from, to }) => index.has(from) || index.has(to))
    .map(({ from, to, kind, label }) =>
      JSON.stringify([index.get(from) ?? from, index.get(to) ?? to, kind, label]),
    )
    .sort();
  return { nodes: sorted, looks: JSON.stringify([where, sorted.map(({ key }) => looks.get(key)), lines]) };
}

function alikeOf(parts: readonly Part[]): Part[][] {
  return [...Map.groupBy(parts, ({ looks }) => looks).values()].filter((same) => same.length >= ALIKE);
}

function foldAlike(picture: Picture, parts: readonly Part[]): Picture {
  const into = new Map<string, string>();
  const merged = new Map<string, PictureNode>();
  for (const same of alikeOf(parts)) {
    const [first] = same;
    for (const [position, node] of first!.nodes.entries()) {
      const peers = same.map(({ nodes }) => nodes[position]!);
      for (const { key } of peers) into.set(key, node.key);
      merged.set(node.key, mergedNode(node, peers));
    }
  }
  if (into.size === 0) return picture;
  const edges = new Map<string, PictureEdge>();
  for (const edge of picture.edges) {
    const moved = { ...edge, from: into.get(edge.from) ?? edge.from, to: into.get(edge.to) ?? edge.to };
    edges.set(JSON.stringify([moved.from, moved.to, moved.kind, moved.label]), moved);
  }
  return {
    ...picture,
    nodes: picture.nodes.flatMap((node) => {
      const kept = into.get(node.key);
      if (kept === undefined) return [node];
      return kept === node.key ? [merged.get(node.key)!] : [];
    }),
    edges: [...edges.values()],
  };
}

function mergedNode(node: PictureNode, peers: readonly PictureNode[]): PictureNode {
  const names = peers.flatMap((peer) => peer.names);
  const titles = new Set(peers.map(({ title }) => title));
  const common: Line[] = node.lines.filter(({ own }) => !own);
  // A rule's number says nothing of how many there are; what they have in common is their name.
  if (titles.size === 1 && node.names.length === 1) return { ...node, lines: common, names };
  return {
    ...node,
    title: `${names.length} × ${node.kind === 'servers' ? 'model servers' : node.caption.split(' ')[0]}`,
    lines: [{ text: someOf(names), own: true }, ...common],
    names,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
