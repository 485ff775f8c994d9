import { permissionKey, targetName, type Permission } from '../access/permission.ts';
import { inNamespace } from '../api/kubectl.ts';
import { ROLES, type AccessRole } from '../access/roles.ts';
import { clusterRoleName, clusterRoleYaml, namespacedYaml, rulesOf } from '../access/yaml.ts';
import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import { REPORT_API_VERSION } from '../api/names.ts';
import type { Unread } from '../api/read.ts';
import type { Resource } from '../api/resource.ts';
import { safe } from '../report/text.ts';
import { table } from '../report/table.ts';
import { toYaml } from '../report/yaml.ts';
import { on, text, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { connectionFlags, namespaceFlag } from './flags.ts';
import { nearest } from '../api/nearest.ts';
import { withCluster } from './session.ts';

export const auth: Command = {
  name: 'auth',
  positionals: '[COMMAND...]',
  summary: 'Print the rights that a command needs, as a role; with --check, show which you have',
  description:
    'Prints ClusterRoles that "kubectl apply -f -" takes, one for each COMMAND (all of them without one); with -n a Role for that namespace, and a ClusterRole for what lies in none. No cluster is asked but with --check, which exits 2 if you lack something that is needed. Lines marked "optional" may be left out: the command then says what it could not look at.',
  flags: {
    ...namespaceFlag,
    check: { type: 'boolean', describe: 'Ask the API server which of these rights you have' },
    output: {
      type: 'string',
      alias: 'o',
      describe: 'Format (default: yaml; with --check: table)',
      choices: ['yaml', 'json', 'table', 'name'],
    },
    ...connectionFlags,
  },
  examples: [
    ['auth split rollback | kubectl apply -f -', 'Two ClusterRoles, to be bound to who moves the traffic'],
    ['auth migrate helm-install -n team-a', 'For work in one namespace'],
    ['auth cleanup --check', 'Have I got what cleanup needs?'],
  ],
  async run(args, context) {
    const roles = chosen(args.positionals);
    if (on(args, 'check'))
      return withCluster(args, context, (cluster) => check(roles, cluster, args, context));
    print(roles, args, context);
    return EXIT.ok;
  },
};

/** By id (`convert-apply`), or as it is typed (`"convert --apply"`). */
function chosen(names: readonly string[]): readonly AccessRole[] {
  if (names.length === 0) return ROLES;
  return names.map((name) => {
    const id = name.trim().replace(/[\s-]+/g, '-');
    const role = ROLES.find((candidate) => candidate.id === id);
    if (role) return role;
    const ids = ROLES.map((candidate) => candidate.id);
    const like = nearest(id, ids, 1);
    throw new UserError(`${JSON.stringify(name)} is no command that needs rights.`, {
      hint: like[0] ? `Did you mean: kubectl infpool auth ${like[0]}?` : `There are: ${ids.join(', ')}`,
    });
  });
}

function print(roles: readonly AccessRole[], args: Args, context: Context): void {
  const namespace = text(args, 'namespace') ?? '';
  const output = text(args, 'output');
  if (output === 'table') context.stdout.write(rightsTable(roles, context.outStyle.width));
  else if (output === 'name')
    context.stdout.write(roles.map((role) => `clusterrole/${clusterRoleName(role)}\n`).join(''));
  else if (output === 'json') context.stdout.write(`${JSON.stringify(report(roles), null, 2)}\n`);
  else {
    const yaml = roles.map((role) =>
      namespace === '' ? clusterRoleYaml(role) : namespacedYaml(role, namespace),
    );
    context.stdout.write(yaml.join('---\n'));
    context.stderr.write(bindHint(roles, namespace));
  }
}

function bindHint(roles: readonly AccessRole[], namespace: string): string {
  const [first] = roles;
  const name = first ? clusterRoleName(first) : '';
  const cluster = `kubectl create clusterrolebinding ${name} --clusterrole=${name} --user=NAME`;
  const inside = `kubectl create rolebinding ${name} -n NAMESPACE --role=${name} --user=NAME`;
  return `Apply it with "| kubectl apply -f -", then bind it: ${namespace === '' ? cluster : `${inside}; ${cluster}`}\n`;
}

function report(roles: readonly AccessRole[]) {
  return {
    apiVersion: REPORT_API_VERSION,
    kind: 'Access',
    commands: roles.map((role) => ({
      id: role.id,
      command: role.command,
      summary: role.summary,
      rules: rulesOf(role.permissions),
    })),
  };
}

function rightsTable(roles: readonly AccessRole[], width: number): string {
  return table(
    ['Command', 'Verb', 'Resource', 'Need', 'For'],
    roles.flatMap((role) =>
      role.permissions.map(({ verb, resource, need, why }) => [
        role.id,
        verb,
        targetName(resource),
        need,
        why,
      ]),
    ),
    width,
  );
}

/** `no`: needed and lacking. `notInstalled`: lacking, but there is no such kind here. */
type Held = 'yes' | 'no' | 'no (optional)' | 'not installed' | Unread;

async function check(
  roles: readonly AccessRole[],
  cluster: Cluster,
  args: Args,
  context: Context,
): Promise<ExitCode> {
  const namespace = text(args, 'namespace') ?? '';
  // Roles have much in common: each right is asked for once.
  const asked = new Map<string, Promise<Held>>();
  const rows = await Promise.all(
    roles.flatMap((role) =>
      role.permissions.map(async (permission) => {
        const within = role.everywhere && permission.verb === 'list' ? '' : namespace;
        const key = `${permissionKey(permission)} ${permission.need} ${within}`;
        const held = asked.get(key) ?? hold(permission, within, cluster);
        asked.set(key, held);
        return { role, permission, within, held: await held };
      }),
    ),
  );
  const lacking = rows.filter(({ held }) => held === 'no');
  const unknown = rows.flatMap(({ held }) => (typeof held === 'string' ? [] : [held.message]));
  const output = text(args, 'output');
  const shown = rows.map(({ role, permission, within, held }) => ({
    command: role.id,
    verb: permission.verb,
    resource: targetName(permission.resource),
    namespace: permission.resource.namespaced ? within : '',
    names: permission.names,
    need: permission.need,
    held: typeof held === 'string' ? held : 'unknown',
    why: permission.why,
  }));
  const data = { apiVersion: REPORT_API_VERSION, kind: 'AccessCheck', server: cluster.server, rights: shown };
  if (output === 'json') context.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(data));
  else
    context.stdout.write(
      table(
        ['Command', 'Verb', 'Resource', 'Held', 'For'],
        shown.map((row) => [row.command, row.verb, row.resource, row.held, row.why]),
        context.outStyle.width,
      ),
    );
  const where = namespace === '' ? 'in all namespaces' : `in namespace ${namespace}`;
  if (unknown.length > 0)
    context.stderr.write(
      `Could not check ${unknown.length} of ${rows.length} rights ${where} ("unknown"): ${reasons(unknown)}. Run this again once that is dealt with.\n`,
    );
  if (lacking.length > 0) {
    const ids = [...new Set(lacking.map(({ role }) => role.id))].join(' ');
    context.stderr.write(
      `You lack ${lacking.length} of ${rows.length} rights ${where}. Someone who may grant them can run: kubectl infpool auth ${ids}${inNamespace(namespace)} | kubectl apply -f -\n`,
    );
    return EXIT.findings;
  }
  if (unknown.length > 0) return EXIT.incomplete;
  context.stderr.write(`You have every right that is needed ${where}.\n`);
  return EXIT.ok;
}

async function hold(
  { verb, resource, names, need }: Permission,
  namespace: string,
  cluster: Cluster,
): Promise<Held> {
  const within = resource.namespaced ? namespace : '';
  // A rule with names holds for each of them or for none.
  const may = await cluster.allowed(verb, resource, within, names[0]);
  if (may !== false) return may === true ? 'yes' : may;
  if (need === 'optional') return 'no (optional)';
  if (!('kind' in resource) || names.length > 0) return 'no';
  const read = await cluster.list(resource as Resource, within);
  return read.state === 'notInstalled' ? 'not installed' : 'no';
}

function reasons(messages: readonly string[]): string {
  const [first, ...others] = new Set(messages);
  const more =
    others.length === 0 ? '' : `, and ${others.length} other reason${others.length === 1 ? '' : 's'}`;
  return `${safe(first!)}${more}`;
}
