// Stryker's test runner for mocha 12 (its own one needs an older mocha). One process loads the specs once and
// runs them for mutant after mutant; Stryker switches the mutant by a global.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  INSTRUMENTER_CONSTANTS,
  type InstrumenterContext,
  type StrykerOptions,
} from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
  type DryRunOptions,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
} from '@stryker-mutator/api/test-runner';
import Mocha from 'mocha';
import { isSampled, NOT_SAMPLED, type Every } from './sample.ts';

/** What `run.ts` adds to Stryker's options. */
export interface RunnerOptions {
  /** Loaded before the specs; relative to the repository. */
  setup: string;
  specs: string[];
  every: Every;
}

/** What the instrumented code reads, and where it counts. */
type Shared = { [Key in keyof InstrumenterContext]: InstrumenterContext[Key] | undefined };

class MochaRunner implements TestRunner {
  static inject = tokens(commonTokens.options);
  readonly #options: RunnerOptions;
  readonly #context: Shared;
  readonly #mocha: Mocha;
  #tests: TestResult[] = [];
  #loaded = false;

  constructor(options: StrykerOptions) {
    this.#options = options['infpool'] as RunnerOptions;
    const shared = globalThis as unknown as Record<string, Shared | undefined>;
    this.#context = shared[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    // Stryker ends what takes too long, by its own measure.
    this.#mocha = new Mocha({ reporter: 'min', timeout: 0 });
    this.#mocha.cleanReferencesAfterRun(false);
  }

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: false };
  }

  async dryRun({ coverageAnalysis, disableBail }: DryRunOptions): Promise<DryRunResult> {
    await this.#load();
    const result = await this.#run(disableBail);
    if (result.status !== DryRunStatus.Complete || coverageAnalysis === 'off') return result;
    const { mutantCoverage } = this.#context;
    return { ...result, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, mutantActivation, testFilter, disableBail, hitLimit } = options;
    if (!isSampled(activeMutant.id, this.#options.every))
      return { status: 'error', errorMessage: NOT_SAMPLED } as never;
    this.#context.hitLimit = hitLimit;
    this.#context.hitCount = hitLimit === undefined ? undefined : 0;
    this.#context.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    try {
      await this.#load();
    } catch (error) {
      // Code that can't even be loaded is noticed by every test.
      if (mutantActivation !== 'static') throw error;
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 } as never;
    }
    this.#context.activeMutant = activeMutant.id;
    this.#mocha.grep(testFilter ? exactly(testFilter) : /(?:)/);
    return toMutantRunResult(await this.#run(disableBail));
  }

  async #load(): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    await import(pathToFileURL(resolve(this.#options.setup)).href);
    for (const file of this.#options.specs) this.#mocha.addFile(resolve(file));
    const context = this.#context;
    this.#mocha.suite.beforeEach(function () {
      context.currentTestId = this.currentTest?.fullTitle();
    });
    await this.#mocha.loadFilesAsync();
  }

  async #run(disableBail: boolean): Promise<DryRunResult> {
    bail(this.#mocha.suite, !disableBail);
    this.#tests = [];
    await new Promise<void>((done) => this.#record(this.#mocha.run(() => done())));
    const { hitCount, hitLimit } = this.#context;
    return (
      determineHitLimitReached(hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests: this.#tests }
    );
  }

  #record(runner: Mocha.Runner): void {
    runner.on('pass', (test) => {
      const id = test.fullTitle();
      this.#tests.push({
        ...{ id, name: id, status: TestStatus.Success, timeSpentMs: test.duration ?? 0 },
        ...(test.file !== undefined && { fileName: test.file }),
      });
    });
    runner.on('fail', (test, error: Error) => {
      const id = test.ctx?.currentTest?.fullTitle() ?? test.fullTitle();
      const failureMessage = error.message || 'no message';
      this.#tests.push({ id, name: id, status: TestStatus.Failed, timeSpentMs: 0, failureMessage });
    });
  }
}

function exactly(titles: string[]): RegExp {
  const escaped = titles.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^(?:${escaped.join('|')})$`);
}

function bail(suite: Mocha.Suite, on: boolean): void {
  suite.bail(on);
  for (const child of suite.suites) bail(child, on);
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'mocha12', MochaRunner)];
