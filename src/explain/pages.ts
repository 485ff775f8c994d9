import type { Chapter, FindingPage, CheckPage, NamedPage, Page, PageId } from '../api/page.ts';
import type { CheckId, FindingId } from '../api/ids.ts';
import { INTERLOCK_PAGES } from '../cleanup/interlocks.page.ts';
import { PLAN_PAGES } from '../cleanup/plan.page.ts';
import { RESTORE_PAGES } from '../cleanup/restore.page.ts';
import { CLAIM_PAGES } from '../commands/claimed.page.ts';
import { CURE_PAGES } from '../commands/cures.page.ts';
import { FILE_PAGES } from '../commands/files.page.ts';
import { GATE_PAGES } from '../commands/gate.page.ts';
import { OWNED_PAGES } from '../commands/owned.page.ts';
import { PICKER_PAGES } from '../commands/pickers.page.ts';
import { PREFLIGHT_PAGES } from '../commands/preflight.page.ts';
import { REWRITE_FILES_PAGES } from '../commands/rewriteFiles.page.ts';
import { ROLLBACK_PAGES } from '../commands/rollback.page.ts';
import { SHIFT_PAGES } from '../commands/shiftInterlocks.page.ts';
import { READABLE_PAGES } from '../commands/verification.page.ts';
import { CLUSTER_ROLE_PAGES } from '../convert/clusterRoles.page.ts';
import { COMPANION_PAGES } from '../convert/companions/companion.page.ts';
import { CONVERT_PAGES } from '../convert/convert.page.ts';
import { CRD_PAGES } from '../convert/crds.page.ts';
import { MODEL_PAGES } from '../convert/models.page.ts';
import { NAME_PAGES } from '../convert/names.page.ts';
import { OBJECTIVE_HEADER_PAGES } from '../convert/objectiveHeader.page.ts';
import { OPTION_PAGES } from '../convert/optionFindings.page.ts';
import { POOL_PAGES } from '../convert/pool.page.ts';
import { SHARED_NAME_PAGES } from '../convert/sharedNames.page.ts';
import { STEP_PAGES } from '../convert/steps.page.ts';
import { AUTOSCALER_PAGES } from '../inventory/advisory/autoscalers.page.ts';
import { BACKEND_PAGES } from '../inventory/advisory/backends.page.ts';
import { MONITOR_PAGES } from '../inventory/advisory/monitors.page.ts';
import { RBAC_PAGES } from '../inventory/advisory/rbac.page.ts';
import { RULE_PAGES } from '../inventory/advisory/rules.page.ts';
import { ELSEWHERE_PAGES } from '../inventory/elsewhere.page.ts';
import { INVENTORY_PAGES } from '../inventory/findings.page.ts';
import { CHART_PAGES } from '../manifests/charts.page.ts';
import { MENTION_PAGES } from '../manifests/mentions.page.ts';
import { REWRITE_PAGES } from '../manifests/rewrite/rewrite.page.ts';
import { SPLIT_PAGES } from '../traffic/split.page.ts';
import { STRATEGY_PAGES } from '../traffic/strategy.page.ts';
import { COMPANION_CHECK_PAGES } from '../verify/companions.page.ts';
import { EPP_PAGES } from '../verify/epp.page.ts';
import { GATEWAY_PAGES } from '../verify/gateway.page.ts';
import { POLICY_PAGES } from '../verify/policies.page.ts';
import { POOL_PAGES as POOL_CHECK_PAGES } from '../verify/pool.page.ts';
import { PROBE_PAGES } from '../verify/probe.page.ts';
import { ROUTE_PAGES } from '../verify/route.page.ts';
import { VERIFY_PAGES } from '../verify/verify.page.ts';

const FOUND = {
  ...INVENTORY_PAGES,
  ...ELSEWHERE_PAGES,
  ...BACKEND_PAGES,
  ...AUTOSCALER_PAGES,
  ...RULE_PAGES,
  ...MONITOR_PAGES,
  ...RBAC_PAGES,
};
const MODELS = {
  ...MODEL_PAGES,
  ...CURE_PAGES,
  ...OBJECTIVE_HEADER_PAGES,
  ...STEP_PAGES,
  ...SHARED_NAME_PAGES,
};
const POOLS = { ...POOL_PAGES, ...CONVERT_PAGES, ...NAME_PAGES, ...COMPANION_PAGES };
const INSTALLING = { ...OPTION_PAGES, ...CLUSTER_ROLE_PAGES, ...PICKER_PAGES, ...CRD_PAGES };
const FILES = { ...MENTION_PAGES, ...CHART_PAGES, ...REWRITE_PAGES, ...FILE_PAGES, ...REWRITE_FILES_PAGES };
const TRAFFIC = { ...SHIFT_PAGES, ...STRATEGY_PAGES, ...SPLIT_PAGES, ...ROLLBACK_PAGES };
const WRITING = { ...OWNED_PAGES, ...PREFLIGHT_PAGES, ...CLAIM_PAGES };
const CLEANUP = { ...INTERLOCK_PAGES, ...PLAN_PAGES, ...RESTORE_PAGES };
const CHECKS = {
  ...GATEWAY_PAGES,
  ...ROUTE_PAGES,
  ...POOL_CHECK_PAGES,
  ...EPP_PAGES,
  ...COMPANION_CHECK_PAGES,
  ...POLICY_PAGES,
  ...VERIFY_PAGES,
  ...PROBE_PAGES,
  ...READABLE_PAGES,
  ...GATE_PAGES,
};

// The compiler asks here for the page of each id: what is missing is in its error. Write it beside the code that raises
// it, in FILE.page.ts, and spread it above.
const FINDINGS: Readonly<Record<Exclude<FindingId, CheckId>, FindingPage>> = {
  ...FOUND,
  ...MODELS,
  ...POOLS,
  ...INSTALLING,
  ...FILES,
  ...TRAFFIC,
  ...WRITING,
  ...CLEANUP,
};
const PAGES: Readonly<Record<PageId, Page>> = {
  ...FINDINGS,
  ...(CHECKS satisfies Record<CheckId, CheckPage>),
};

function chapter(name: string, heading: string, pages: Partial<Record<PageId, Page>>): Chapter {
  const named = Object.entries(pages) as [PageId, Page][];
  return { name, heading, pages: named.map(([id, page]): NamedPage => ({ id, page })) };
}

/** All of it, in the order in which one meets it. */
export const CHAPTERS: readonly Chapter[] = [
  chapter('found', 'What is found in a cluster', FOUND),
  chapter('models', 'Converting InferenceModels', MODELS),
  chapter('pools', 'Converting InferencePools and what stands beside them', POOLS),
  chapter('installing', 'Installing the v1 side: chart, CRDs, endpoint pickers', INSTALLING),
  chapter('files', 'Manifests in files', FILES),
  chapter('checks', 'Checks of verify', CHECKS),
  chapter('traffic', 'Moving traffic, and moving it back', TRAFFIC),
  chapter('writing', 'Before anything is written', WRITING),
  chapter('cleanup', 'Cleaning up, and restoring', CLEANUP),
];

export const PAGE_IDS: readonly PageId[] = CHAPTERS.flatMap(({ pages }) => pages.map(({ id }) => id));

export function pageOf(id: string): NamedPage | null {
  return Object.hasOwn(PAGES, id) ? { id: id as PageId, page: PAGES[id as PageId] } : null;
}
