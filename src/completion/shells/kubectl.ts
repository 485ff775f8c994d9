/**
 * kubectl's own way: an executable `kubectl_complete-infpool` on PATH, called with the words after `kubectl infpool`.
 * It must not fail: kubectl would complete files then. plugin/kubectl_complete-infpool is this text.
 */
export function kubectlShim(): string {
  return `#!/bin/sh
# Completes "kubectl infpool" in kubectl's own shell completion: lies on PATH, executable, under this name.
# The plugin itself is on PATH, too, or beside this file.
plugin=$(command -v kubectl-infpool) || plugin=$(dirname "$0")/kubectl-infpool
"$plugin" __complete "$@" 2>/dev/null || echo :4
`;
}

/** The same for Windows, where kubectl finds it by PATHEXT. */
export function kubectlShimForWindows(): string {
  return `@rem Completes "kubectl infpool" in kubectl's own shell completion: lies on PATH under this name.\r
@kubectl-infpool __complete %* 2>nul || @echo :4\r
`;
}
