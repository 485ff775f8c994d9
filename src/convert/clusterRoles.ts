import type { Finding } from '../api/finding.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import { eppNameOf } from './names.ts';
import type { Release } from './releases.ts';

/** A pool that the chart is about to make, with the alpha pool that it is for. */
interface Made {
  readonly alpha: KubeObject;
  readonly pool: KubeObject;
}

/** Helper cluster-rbac-name of the charts v1.0.1 to v1.1.0: it cuts after 84 characters, the closing quote with them. */
const LONGEST_QUOTED = 84;

/**
 * Where a ClusterRole that the chart makes gets in the way: one that is there already makes `helm install` fail half-way in
 * the migration, and one whose name is too long keeps the chart from rendering at all.
 */
export function clusterRoleFindings(
  made: readonly Made[],
  others: readonly KubeObject[],
  release: Release,
): Finding[] {
  if (release.clusterRole === 'none') return [];
  const there = Map.groupBy(
    others.flatMap((pool) => possibleNames(pool).map((name) => ({ name, pool }))),
    ({ name }) => name,
  );
  const given = new Set<string>();
  return made.flatMap(({ alpha, pool }): Finding[] => {
    const name = clusterRoleName(pool, release);
    if (`"${name}"`.length > LONGEST_QUOTED) return [tooLong(alpha, pool, release)];
    const again = given.has(name);
    given.add(name);
    const other = (there.get(name) ?? []).find(
      (one) => namespaceOf(one.pool.metadata) !== namespaceOf(pool.metadata),
    )?.pool;
    return again || other ? [clash(alpha, name, again ? null : other!, release)] : [];
  });
}

function clusterRoleName(pool: KubeObject, release: Release): string {
  return release.clusterRole === 'release' ? eppNameOf(pool.metadata.name) : withNamespace(pool);
}

function withNamespace({ metadata }: KubeObject): string {
  return `${metadata.name.slice(0, 40)}-${namespaceOf(metadata).slice(0, 40)}-epp`;
}

// Which chart made the picker of a pool that is there is not known: its ClusterRole has one of two names, if there is one.
function possibleNames(pool: KubeObject): string[] {
  const picker = pool['spec']?.endpointPickerRef ?? pool['spec']?.extensionRef;
  return [String(picker?.name ?? ''), withNamespace(pool)];
}

function clash(alpha: KubeObject, name: string, other: KubeObject | null, release: Release): Finding {
  const whose = other
    ? `the endpoint picker of ${namespaceOf(other.metadata)}/${other.metadata.name} has that name, and may have such a ClusterRole`
    : 'another pool of this conversion has it already';
  const nameOnly = release.clusterRole === 'release';
  return {
    id: 'cluster-role-clash',
    severity: other ? 'warning' : 'error',
    ref: refOf(alpha),
    field: 'metadata.name',
    message: `The chart of ${release.version} makes a ClusterRole "${name}"${nameOnly ? ' without the namespace in its name' : ''}; ${whose}. Helm refuses to install over it.`,
    hint: `${nameOnly ? 'Take --release v1.0.1 or later, or' : 'Use'} --name ${alpha.metadata.namespace}/${alpha.metadata.name}=NAME`,
  };
}

function tooLong(alpha: KubeObject, pool: KubeObject, release: Release): Finding {
  const room = LONGEST_QUOTED - `"-${namespaceOf(pool.metadata).slice(0, 40)}-epp"`.length;
  return {
    id: 'cluster-role-name-too-long',
    severity: 'error',
    ref: refOf(alpha),
    field: 'metadata.name',
    message: `The chart of ${release.version} makes one name of the release's and the namespace's, and breaks when the two are long: helm would say "YAML parse error on inferencepool/templates/rbac.yaml" of "${pool.metadata.name}".`,
    hint: `Use --name ${alpha.metadata.namespace}/${alpha.metadata.name}=NAME with a NAME of at most ${room} characters, or --release v1.2.0 or later.`,
  };
}

function namespaceOf({ namespace }: KubeObject['metadata']): string {
  return namespace ?? 'default';
}
