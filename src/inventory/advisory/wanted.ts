import {
  BACKEND_SECURITY_POLICY,
  CLUSTER_POD_MONITORING,
  CLUSTER_ROLE,
  HPA,
  POD_MONITOR,
  POD_MONITORING,
  PROMETHEUS_RULE,
  ROLE,
  SCALED_OBJECT,
  SERVICE_MONITOR,
  type Resource,
} from '../../api/resource.ts';

/** The kinds that {@link advisoryReferences} looks at beyond those of the Inventory. Most clusters lack some of them. */
export const ADVISORY_RESOURCES: readonly Resource[] = [
  SERVICE_MONITOR,
  POD_MONITOR,
  POD_MONITORING,
  CLUSTER_POD_MONITORING,
  PROMETHEUS_RULE,
  HPA,
  SCALED_OBJECT,
  ROLE,
  CLUSTER_ROLE,
  BACKEND_SECURITY_POLICY,
];
