// Every finding and every check has an id for good, and a page in a *.page.ts beside the code that raises it: a new id is
// written here, and the compiler asks for its page (src/explain/pages.ts).

/** What `verify` looks at. */
export type CheckId =
  | 'gateway-found'
  | 'gateway-accepted'
  | 'gateway-programmed'
  | 'gateway-current'
  | 'gateway-address'
  | 'route-accepted'
  | 'route-refs-resolved'
  | 'route-reconciled'
  | 'route-current'
  | 'pool-found'
  | 'pool-accepted'
  | 'pool-refs-resolved'
  | 'pool-current'
  | 'pods-match'
  | 'pods-ready'
  | 'epp-service-found'
  | 'epp-deployment-found'
  | 'epp-deployment-ready'
  | 'epp-pool'
  | 'epp-group'
  | 'epp-service-port'
  | 'epp-endpoints'
  | 'health-check-policy'
  | 'policy-attached'
  | 'policy-present'
  | 'destination-rule-present'
  | 'grant-present'
  | 'objectives-present'
  | 'probe'
  | 'probe-timeout'
  | 'probe-unreachable'
  | 'probe-not-found'
  | 'probe-shed'
  | 'probe-refused'
  | 'probe-server-error'
  | 'pools-readable'
  | 'models-readable'
  | 'objectives-readable'
  | 'routes-readable'
  | 'cluster-readable';

/** What is found in a cluster or in files as they are. */
type FoundId =
  | 'name-in-both-groups'
  | 'counterpart-ambiguous'
  | 'model-without-pool'
  | 'backend-not-found'
  | 'reference-to-nothing'
  | 'version-not-served'
  | 'alpha-crds-left'
  | 'only-this-namespace'
  | 'autoscaler-metric-renamed'
  | 'autoscaler-metric-of-alpha-pool'
  | 'metric-renamed'
  | 'metric-of-alpha-pool'
  | 'monitor-of-alpha-picker'
  | 'rbac-alpha-only'
  | 'reference-other-backend-ref'
  | 'reference-grpc-backend-ref'
  | 'reference-security-policy';

/** What a conversion loses, doubts or can't do. */
type ConversionId =
  | 'criticality-unknown'
  | 'target-models-lost'
  | 'target-models-by-header'
  | 'objective-header'
  | 'objective-by-header'
  | 'objective-header-several-models'
  | 'objective-header-taken'
  | 'objective-differs'
  | 'objective-name-taken'
  | 'standard-was-sheddable'
  | 'model-name-shared'
  | 'unknown-models-pass'
  | 'name-invalid'
  | 'name-too-long'
  | 'name-taken'
  | 'name-collides'
  | 'counterpart-shared'
  | 'v1-pool-differs'
  | 'companion-differs'
  | 'selector-empty'
  | 'selector-too-large'
  | 'target-port-missing'
  | 'extension-kind'
  | 'port-defaulted'
  | 'epp-port-by-chart'
  | 'epp-by-user'
  | 'failure-mode-lost'
  | 'cluster-role-clash'
  | 'cluster-role-name-too-long'
  | 'provider-not-in-chart'
  | 'heavy-requests'
  | 'traces-always'
  | 'monitoring-off'
  | 'metrics-unreadable'
  | 'model-server-type'
  | 'picker-missing'
  | 'gke-crd-missing'
  | 'server-version-unread'
  | 'crd-unread';

/** What only manifests bring with them. */
type FileId =
  | 'mention-in-file'
  | 'mention-in-kustomization'
  | 'template-not-rendered'
  | 'link-not-followed'
  | 'helm-chart'
  | 'alpha-crd-in-file'
  | 'crd-in-file'
  | 'alpha-reference-left'
  | 'already-in-git'
  | 'backend-filters-differ'
  | 'kustomize-patch-on-alpha'
  | 'manifest-not-editable'
  | 'v1-pool-differs-from-manifest'
  | 'defined-twice'
  | 'defined-twice-in-folder'
  | 'route-in-file';

/** What stands in the way of moving traffic, or of moving it back. */
type TrafficId =
  | 'no-counterpart'
  | 'weights-not-expressible'
  | 'controller-serves-alpha-only'
  | 'controller-serves-v1-only'
  | 'controller-one-pool-per-rule'
  | 'swap-is-all-or-nothing'
  | 'original-refs-unreadable'
  | 'original-rule-gone'
  | 'original-pair-unknown'
  | 'route-changed-since-split'
  | 'route-owned'
  | 'alpha-pool-gone'
  | 'alpha-not-ready';

/** What stands in the way of deleting, what is left after it, and what restoring meets. */
type CleanupId =
  | 'still-referenced'
  | 'verify-failed'
  | 'release-holds-more'
  | 'release-lacks-pool'
  | 'crd-has-objects'
  | 'epp-left'
  | 'epp-rbac-left'
  | 'restore-differs';

/** What stands in the way of any write. */
type WriteId = 'could-not-read' | 'not-allowed' | 'owned' | 'pool-claimed' | 'pool-recreated';

/** A failed check stands in the way of traffic under its own id. */
export type FindingId = FoundId | ConversionId | FileId | TrafficId | CleanupId | WriteId | CheckId;
