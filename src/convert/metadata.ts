import type { ObjectMeta } from '../api/object.ts';

// Written by tools for their own bookkeeping: on the copy they would make those tools adopt or prune it.
const TOOL_KEYS = [
  /^kubectl\.kubernetes\.io\//,
  /^meta\.helm\.sh\//,
  /^helm\.sh\//,
  /^argocd\.argoproj\.io\//,
  /^(kustomize|helm)\.toolkit\.fluxcd\.io\//,
  /^app\.kubernetes\.io\/(managed-by|name|instance|version)$/,
  /^objectset\.rio\.cattle\.io\//,
  /^config\.kubernetes\.io\//,
];

/** Name, namespace and what people wrote; none of what the server or a tool wrote. */
export function carriedMetadata(meta: ObjectMeta, name: string): ObjectMeta {
  const labels = peoplesKeys(meta.labels);
  const annotations = peoplesKeys(meta.annotations);
  return {
    name,
    ...(meta.namespace === undefined ? {} : { namespace: meta.namespace }),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
}

function peoplesKeys(values: Record<string, string> | undefined): Record<string, string> | undefined {
  const kept = Object.entries(values ?? {}).filter(
    ([key]) => !TOOL_KEYS.some((pattern) => pattern.test(key)),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
