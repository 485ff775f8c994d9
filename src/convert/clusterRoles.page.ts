import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const RBAC_TEMPLATE = gie('v1.0.0', 'config/charts/inferencepool/templates/rbac.yaml');

export const CLUSTER_ROLE_PAGES = {
  'cluster-role-clash': {
    title: "The chart's ClusterRole may be there already",
    severity: ['error', 'warning'],
    means:
      'The chart makes a ClusterRole for its endpoint picker. Up to v1.0.0 its name is that of the release alone, so that two releases of one name in two namespaces clash; later ones cut names to 40 characters, and can still clash.',
    known:
      'The names of all pools and pickers of the cluster are compared with what the chart makes. With a pool of this conversion it is sure (an error), with one that is there it is likely (a warning).',
    matters: 'Helm refuses to install over an object of another release: phase 1 stops half-way.',
    cure: [
      'Take a release with the namespace in the name:',
      '$ kubectl infpool convert POOL -n NAMESPACE --release v1.0.1',
      'Or choose another name:',
      '$ kubectl infpool convert OLD -n NAMESPACE --name OLD=NEW',
    ],
    past: 'Nothing goes past the error; the warning stops nothing.',
    sources: [RBAC_TEMPLATE],
  },
  'cluster-role-name-too-long': {
    title: 'The chart breaks on names as long as these',
    severity: ['error'],
    means:
      "The chart of this release puts its ClusterRole's name together from the release and the namespace, and its template breaks where the two are long.",
    known: 'The characters are counted as the template counts them; we have rendered it with such names.',
    matters: 'helm install fails with "YAML parse error on inferencepool/templates/rbac.yaml".',
    cure: [
      'Choose a shorter name (the finding says how short):',
      '$ kubectl infpool convert OLD -n NAMESPACE --name OLD=NEW',
      'Or take release v1.2.0 or later:',
      '$ kubectl infpool convert POOL -n NAMESPACE --release v1.2.0',
    ],
    past: 'Nothing goes past it.',
    sources: [gie('v1.0.1', 'config/charts/inferencepool/templates/rbac.yaml')],
  },
} satisfies FindingPages;
