import type { EdgeKind, NodeKind, Picture } from './picture.ts';
import { healthOf } from './picture.ts';

/** What each shape means, in the order in which requests pass them. */
export const NODE_WORDS: Readonly<Record<NodeKind, string>> = {
  gateway: 'Gateway',
  route: 'HTTPRoute',
  rule: 'rule of a route',
  alphaPool: 'InferencePool v1alpha2 (old)',
  v1Pool: 'InferencePool v1 (new)',
  picker: 'endpoint picker',
  servers: 'model servers',
  models: 'models and objectives',
  backend: 'another backend',
  other: 'something else that points at a pool',
};

export const EDGE_WORDS: Readonly<Partial<Record<EdgeKind, string>>> = {
  traffic: 'requests, with their share',
  mirror: 'copies of requests',
  reference: 'points at, carries no requests',
};

const NODE_ORDER = Object.keys(NODE_WORDS) as NodeKind[];
const EDGE_ORDER = Object.keys(EDGE_WORDS) as EdgeKind[];

export interface Legend {
  readonly nodes: readonly NodeKind[];
  readonly edges: readonly EdgeKind[];
  readonly broken: boolean;
  readonly unknown: boolean;
  readonly folded: boolean;
}

/** What of the legend this picture needs. */
export function legendOf({ nodes, edges }: Picture): Legend {
  const kinds = new Set(nodes.map(({ kind }) => kind));
  const lines = new Set(edges.map(({ kind }) => kind));
  return {
    nodes: NODE_ORDER.filter((kind) => kinds.has(kind)),
    edges: EDGE_ORDER.filter((kind) => lines.has(kind)),
    broken: nodes.some((node) => healthOf(node) === 'broken'),
    unknown: nodes.some((node) => node.doubt.length > 0),
    folded: nodes.some(({ names }) => names.length > 1),
  };
}

export const BROKEN_WORDS = '× broken: a check failed';
export const UNKNOWN_WORDS = '? unknown: could not be told';
export const FOLDED_WORDS = '3 × …: several that look the same';
