// The DOT language as graphviz.org/doc/info/lang.html gives it, strictly: what this takes, Graphviz takes.

export interface DotGraph {
  /** Attributes of each node statement, by id. */
  readonly nodes: Map<string, Map<string, string>>;
  readonly edges: { from: string; to: string; attributes: Map<string, string> }[];
  /** Labels of the graph and of its subgraphs. */
  readonly labels: string[];
}

/** @throws where it is not DOT */
export function parseDot(text: string): DotGraph {
  const tokens = tokensOf(text);
  const graph: DotGraph = { nodes: new Map(), edges: [], labels: [] };
  let at = 0;
  const peek = () => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new Error(`expected ${wanted ?? 'more'}, got ${token}`);
    return token;
  };
  const id = (): string => {
    const token = take();
    if (token.startsWith('"')) return token;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$|^-?(\.\d+|\d+(\.\d*)?)$/.test(token))
      throw new Error(`not an id: ${token}`);
    return token;
  };
  const attributes = (): Map<string, string> => {
    const found = new Map<string, string>();
    take('[');
    while (peek() !== ']') {
      const name = id();
      take('=');
      found.set(name, valueOf(id()));
      if (peek() === ',' || peek() === ';') take();
    }
    take(']');
    return found;
  };
  const statements = () => {
    take('{');
    while (peek() !== '}') {
      statement();
      if (peek() === ';') take();
    }
    take('}');
  };
  const statement = () => {
    const token = peek();
    if (token === 'subgraph') {
      take();
      id();
      statements();
      return;
    }
    if (token === 'graph' || token === 'node' || token === 'edge') {
      take();
      const found = attributes();
      if (token === 'graph') graph.labels.push(found.get('label') ?? '');
      return;
    }
    const name = id();
    if (peek() === '->') {
      take();
      const to = id();
      graph.edges.push({ from: name, to, attributes: peek() === '[' ? attributes() : new Map() });
    } else graph.nodes.set(name, peek() === '[' ? attributes() : new Map());
  };
  take('digraph');
  statements();
  if (at !== tokens.length) throw new Error(`something follows: ${tokens[at]}`);
  return graph;
}

// A quoted string has `\"` for a quote; any other backslash is the label's own.
function valueOf(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replace(/\\"/g, '"') : token;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const pattern =
    /\s+|->|[{}[\];,=]|"(?:[^"\\]|\\[\s\S])*"|[A-Za-z_][A-Za-z0-9_]*|-?(?:\.\d+|\d+(?:\.\d*)?)/y;
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const [token] = pattern.exec(text) ?? [];
    if (token === undefined) throw new Error(`not DOT at ${JSON.stringify(text.slice(from, from + 30))}`);
    if (token.trim() !== '') tokens.push(token);
  }
  return tokens;
}

/** The lines that Graphviz would draw of a label: its escapes and HTML's entities read. */
export function drawnLines(label: string): string[] {
  const lines: string[] = [''];
  const pattern = /\\([\s\S])|([^\\])/gu;
  for (const [, escape, character] of label.matchAll(pattern)) {
    if (escape === 'n' || escape === 'l' || escape === 'r') lines.push('');
    else if (escape !== undefined && 'GNEHTL'.includes(escape))
      throw new Error(`\\${escape} stands for something else`);
    else lines.push(`${lines.pop()}${escape ?? character}`);
  }
  return lines.map((line) =>
    line.replace(/&(\w+|#\d+);/g, (_all, name: string) => {
      if (name !== 'amp') throw new Error(`&${name}; would be read as an entity`);
      return '&';
    }),
  );
}
