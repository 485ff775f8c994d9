// Envoy's admin interface: whether it runs, and which version of each file it goes by.
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const START_SECONDS = 15;
const APPLY_SECONDS = 10;

export class EnvoyAdmin {
  static readonly clustersStat = 'cluster_manager.cds.version_text';
  private readonly address: { host: string; port: number };
  private readonly agent = new Agent({ keepAlive: true });

  constructor({ address, port }: { address: string; port: number }) {
    this.address = { host: address, port };
  }

  static endpointsStat(cluster: string): string {
    return `cluster.${cluster.replaceAll(':', '_')}.version_text`;
  }

  static routesStat(name: string): string {
    return `http.${name}.rds.${name}.version_text`;
  }

  /** @throws when it doesn't come up, or isRunning says that it has ended */
  async ready(isRunning: () => boolean): Promise<void> {
    const end = Date.now() + START_SECONDS * 1000;
    for (;;) {
      const answer = await this.get('/ready').catch(() => undefined);
      if (answer?.status === 200) return;
      if (!isRunning()) throw new Error('Envoy ended at once; see its log');
      if (Date.now() > end) throw new Error(`Envoy was not ready within ${START_SECONDS} s`);
      await sleep(20);
    }
  }

  /** Waits until these text statistics, which hold versions, say so. */
  async until(expected: ReadonlyMap<string, string>): Promise<void> {
    const end = Date.now() + APPLY_SECONDS * 1000;
    while (expected.size > 0) {
      const { body } = await this.get('/stats?format=json&type=TextReadouts');
      const { stats } = JSON.parse(body) as { stats: { name: string; value: string }[] };
      const known = new Map(stats.map(({ name, value }) => [name, value]));
      const open = [...expected].filter(([name, version]) => known.get(name) !== version);
      if (open.length === 0) return;
      if (Date.now() > end) {
        const names = open.map(([name]) => name).join(', ');
        throw new Error(`Envoy did not take its configuration within ${APPLY_SECONDS} s: ${names}`);
      }
      await sleep(10);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private get(path: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const request = get({ ...this.address, path, agent: this.agent, timeout: 2000 }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error('Envoy’s admin interface does not answer')));
      request.on('error', reject);
    });
  }
}
