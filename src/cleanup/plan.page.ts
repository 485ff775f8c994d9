import type { FindingPages } from '../api/page.ts';
import { GKE_MIGRATION, RBAC } from '../api/sources.ts';

export const PLAN_PAGES = {
  'epp-left': {
    title: 'The alpha endpoint picker may run on',
    severity: ['warning'],
    means:
      'Its Service is deleted, but no Deployment has the pods that it selects: perhaps it runs as a StatefulSet, or an operator made it.',
    known: "The Service's selector is compared with the Deployments of the namespace.",
    matters: 'It costs CPU and memory for nothing, and keeps its lease.',
    cure: [
      "Find the pods by the Service's labels (the finding prints the command), and delete what owns them:",
      "$ kubectl get pods -n NAMESPACE -o custom-columns='POD:.metadata.name,OWNER:.metadata.ownerReferences[*].kind,NAME:.metadata.ownerReferences[*].name'",
    ],
    sources: [GKE_MIGRATION],
  },
  'epp-rbac-left': {
    title: "The alpha endpoint picker's ServiceAccount is left",
    severity: ['info'],
    means: 'The ServiceAccount, and those of its roles that others are bound to as well, are not deleted.',
    known:
      'The pod template of the picker names the account; roles are deleted only where nobody else is bound to them.',
    matters: 'Nothing runs with it any more. It is tidier to delete it.',
    cure: [
      'See what is bound to it, and delete what is for it alone:',
      '$ kubectl get serviceaccounts,rolebindings.rbac.authorization.k8s.io -n NAMESPACE',
      '$ kubectl get clusterrolebindings.rbac.authorization.k8s.io -o wide',
    ],
    sources: [RBAC],
  },
} satisfies FindingPages;
