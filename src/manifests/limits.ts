/**
 * How much of one thing is looked at. Far above what a person writes and what an API server takes (3 MiB a request, 1.5 MiB
 * an object), low enough that no file can exhaust time or memory.
 */
export const LIMITS = {
  /** One file, or all of stdin. */
  fileBytes: 64 * 1024 * 1024,
  /** One document; a List of everything in a cluster is one. */
  documentBytes: 16 * 1024 * 1024,
  /** One object of a kind that is looked into. */
  objectBytes: 3 * 1024 * 1024,
  /** Levels of mappings and lists in each other. */
  depth: 200,
  /** Values of a document with every alias (*name) replaced by what it stands for. */
  expandedValues: 500_000,
} as const;

/** `64 MiB` */
export function mebibytes(bytes: number): string {
  return `${bytes / (1024 * 1024)} MiB`;
}
