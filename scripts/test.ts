// `npm test`: the checks, the unit tests, the build, and then the tests that need a lab or the binary.
//   --unit        the unit tests only; of properties fewer examples
//   --grep TEXT   only tests whose name matches; no checks then
//   --no-build    with the binary that is there
//   FILE…         only these spec files or folders; no checks then. The only way to *.release.spec.ts
//                 and *.reliability.spec.ts
// The last line says how many tests passed and failed. Exit code 1 when anything did.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { exitCodeOf, forwardSignals, interruption, runNode } from './test/children.ts';
import { runParts, runMocha, type Failure, type Results } from './test/mocha.ts';
import { QUICK } from '../test/support/runs.ts';
import { findSpecs, ONLY_WHEN_NAMED, select, type Kind, type Spec } from './test/specs.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
process.env.PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;

interface Options {
  specs: Spec[];
  grep: string | undefined;
  /** All tests there are, or a choice of them. */
  complete: boolean;
  check: boolean;
  build: boolean;
}

const total: Results = { passed: [], failed: [], skipped: 0, missed: 0 };
const took: string[] = [];

forwardSignals();
try {
  await test(readOptions());
} catch (error) {
  fail('test', { title: 'could not run', message: (error as Error).message });
}
report();

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      unit: { type: 'boolean', default: false },
      grep: { type: 'string', short: 'g' },
      build: { type: 'boolean', default: true },
    },
  });
  if (values.unit) process.env[QUICK] = '1';
  const all = findSpecs(root);
  const usual = all.filter(({ kind }) => !ONLY_WHEN_NAMED.includes(kind));
  const chosen = positionals.length > 0 ? select(all, root, positionals) : usual;
  const complete = positionals.length === 0 && values.grep === undefined;
  return {
    specs: values.unit ? chosen.filter(({ kind }) => kind === 'unit') : chosen,
    grep: values.grep,
    complete,
    check: complete && !values.unit,
    build: values.build,
  };
}

async function test(options: Options): Promise<void> {
  const { specs } = options;
  const need = (...kinds: Kind[]) => specs.some(({ kind }) => kinds.includes(kind));

  if (options.check) await script('check', 10, 'scripts/check.ts');
  await mocha('unit tests', 10, 'unit', options);

  const built =
    !options.build ||
    !need('lab', 'binary', 'reliability') ||
    (await script('build', 10, 'scripts/build.ts'));
  const parts = 'test/lab/main.ts';
  const ready =
    !need('lab', 'binary', 'release', 'reliability') ||
    !existsSync(join(root, parts)) ||
    (await script('lab parts', 60, parts, 'build'));

  if (ready) await mocha('lab tests', 90, 'lab', options);
  if (ready) await mocha('release tests', 30, 'release', options);
  if (built) await mocha('binary tests', 60, 'binary', options);
  if (built) await mocha('reliability tests', 90, 'reliability', options);

  if (total.passed.length + total.failed.length + total.skipped === 0)
    fail('test', { title: 'no tests ran', message: 'nothing matched' });
}

/** A step that passes or fails as a whole. */
async function script(name: string, minutes: number, ...args: string[]): Promise<boolean> {
  return await step(name, async () => {
    const { ok, how } = await runNode(root, args, minutes);
    if (!ok && !interruption()) fail(name, { title: 'failed', message: how });
    return ok;
  });
}

async function mocha(name: string, minutes: number, kind: Kind, options: Options): Promise<void> {
  const files = options.specs.filter((spec) => spec.kind === kind).map(({ file }) => file);
  if (files.length === 0) return;
  await step(name, async () => {
    const { grep, complete } = options;
    const run = kind === 'unit' ? runParts : runMocha;
    const { passed, failed, skipped, missed } = await run(root, { files, grep, complete, minutes });
    total.passed.push(...passed);
    total.skipped += skipped;
    total.missed += missed;
    for (const failure of failed) fail(name, failure);
    return failed.length === 0;
  });
}

async function step(name: string, work: () => Promise<boolean>): Promise<boolean> {
  if (interruption()) return false;
  console.log(`\n── ${name}`);
  const began = performance.now();
  const ok = await work();
  took.push(`${name} ${seconds(performance.now() - began)}`);
  console.log(`── ${name}: ${ok ? 'ok' : 'FAILED'} in ${seconds(performance.now() - began)}`);
  return ok;
}

function fail(step: string, { title, message }: Failure): void {
  total.failed.push({ title: `${step}: ${title}`, message });
}

function report(): void {
  const signal = interruption();
  if (signal) fail('test', { title: 'interrupted', message: signal });
  const { passed, failed, skipped, missed } = total;

  console.log();
  const slowest = passed.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
  if (slowest.length > 0) console.log('Slowest:');
  for (const { title, milliseconds } of slowest)
    console.log(`${seconds(milliseconds).padStart(9)}  ${title}`);
  if (failed.length > 0) console.log('Failed:');
  for (const { title, message } of failed) console.log(`  ${title}\n      ${firstLines(message)}`);
  if (missed > 0) console.log(`Not run: ${missed} tests, because something before them failed`);
  if (took.length > 0) console.log(`Time: ${took.join(', ')}`);

  const counts = [`${passed.length} passed`, `${failed.length} failed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  console.log(counts.join(', '));
  process.exitCode = signal ? exitCodeOf(signal) : failed.length > 0 ? 1 : 0;
}

function firstLines(message: string): string {
  return message.split('\n').slice(0, 3).join('\n      ');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
