// What no command here changes, and nobody else: what the API server said of it once, the proxy says again. It is half of
// a migration's requests, and a migration is run ten thousand times.
import type { Line } from './lines.ts';

const LASTING = [
  /^GET \/(apis|version)$/,
  // Which kinds there are, and what is said of their definitions.
  /^GET \/apis\/[^/]+\/[^/]+$/,
  /^GET \/apis\/apiextensions\.k8s\.io\/v1\/customresourcedefinitions\/[^/]+$/,
  // Who may do what.
  /^POST \S+\/selfsubjectaccessreviews /,
  /^GET \/apis\/rbac\.authorization\.k8s\.io\/v1\/(cluster)?roles\b/,
  // Kinds that are not installed here.
  /^GET \/apis\/(networking\.istio\.io|aigateway\.envoyproxy\.io|argoproj\.io|flagger\.app|monitoring\.(coreos|googleapis)\.com)\//,
];

/** For the proxy, while this line is tried; none where the line changes which kinds there are. */
export function lastingFor({ withoutCrds }: Pick<Line, 'withoutCrds'>): ((key: string) => boolean) | null {
  return withoutCrds ? null : isLasting;
}

function isLasting(key: string): boolean {
  return LASTING.some((pattern) => pattern.test(key));
}
