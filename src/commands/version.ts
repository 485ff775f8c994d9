import { EXIT } from '../api/errors.ts';
import { RELEASES } from '../convert/releases.ts';
import { serverEntry } from '../inventory/server.ts';
import { toJson } from '../api/json.ts';
import { safe } from '../report/text.ts';
import { toYaml } from '../report/yaml.ts';
import { on, text, type Command } from './command.ts';
import { connectionFlags, outputFlag } from './flags.ts';
import { withCluster } from './session.ts';

export const version: Command = {
  name: 'version',
  positionals: '',
  summary: 'Print the version of this plugin and of the server',
  description: '--client asks no server.',
  flags: {
    client: { type: 'boolean', describe: 'Only the version of this plugin' },
    ...outputFlag(['table', 'json', 'yaml']),
    ...connectionFlags,
  },
  examples: [['version --client', 'Without a cluster']],
  async run(args, context) {
    const client = { ...context.version, releases: RELEASES.map((release) => release.version) };
    let address = '';
    const read = on(args, 'client')
      ? null
      : await withCluster(args, context, (cluster) => {
          address = cluster.server;
          return cluster.version();
        });
    const server = read?.state === 'ok' ? serverEntry(read.version) : null;
    const output = text(args, 'output');
    if (output === 'json') context.stdout.write(`${toJson({ client, server }, 2)}\n`);
    else if (output === 'yaml') context.stdout.write(toYaml({ client, server }));
    else {
      context.stdout.write(`Client: ${client.version} (${client.commit.slice(0, 12)})\n`);
      context.stdout.write(`Migrates to: ${client.releases[0]} … ${client.releases.at(-1)}\n`);
      if (server)
        context.stdout.write(
          `Server: ${safe(server.gitVersion)}${server.gkeOwnsV1PoolCrd ? ' (GKE brings the v1 InferencePool CRD)' : ''}\n`,
        );
    }
    if (read && read.state !== 'ok') {
      context.stderr.write(
        `The version of the server ${safe(address)} could not be read: ${safe(read.message)}\n  → Check the address in the kubeconfig; or ask no server: kubectl infpool version --client\n`,
      );
      return EXIT.incomplete;
    }
    return EXIT.ok;
  },
};
