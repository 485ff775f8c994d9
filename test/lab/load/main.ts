// Load from the command line:
//   node test/lab/load/main.ts --url http://127.1.2.3 --model food-review --rate 100 --seconds 30
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startLoad } from './load.ts';
import { printed } from './print.ts';

const usage = `Usage: load --url URL --model NAME… [--rate N] [--seconds N] [--stream SHARE] [--new SHARE] [--json FILE]

  --url      base URL of a Gateway on a loopback address
  --model    asked for in turn; may be repeated
  --rate     requests a second, 100 unless given
  --seconds  for that long, 30 unless given; Ctrl-C ends it earlier
  --stream   share of streamed completions, 0.5 unless given
  --new      share of requests on a connection of their own, 0.1 unless given
  --json     writes everything, every request too, into a file
`;

try {
  await main();
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      url: text,
      model: { ...text, multiple: true },
      rate: { ...text, default: '100' },
      seconds: { ...text, default: '30' },
      stream: { ...text, default: '0.5' },
      new: { ...text, default: '0.1' },
      json: text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  if (!values.url || !values.model) throw new Error('--url and --model are needed');
  const load = await startLoad({
    url: values.url,
    models: values.model,
    rate: number('rate', values.rate, 1, 10_000),
    maxSeconds: number('seconds', values.seconds, 1, 3600),
    streamShare: number('stream', values.stream, 0, 1),
    newConnectionShare: number('new', values.new, 0, 1),
  });
  process.once('SIGINT', () => void load.stop());
  const report = await load.over;
  process.stdout.write(printed(report));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report)}\n`);
  process.exitCode = report.failed > 0 ? 1 : 0;
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} is a number from ${least} to ${most}, not '${text}'`);
  return value;
}
