// What the specs of releases share: making one, krew in a folder of its own, running what came out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { nameOf, type Platform } from '../../scripts/build/platforms.ts';
import { archiveName } from '../../scripts/release/names.ts';
import { run, type Outcome } from '../e2e/support.ts';
import { ensureParts } from '../lab/parts/parts.ts';

const root = join(import.meta.dirname, '..', '..');

/** `npm run release`, from the sources as they lie here. */
export async function release(version: string, out: string, platforms: readonly Platform[]): Promise<void> {
  const chosen = platforms.flatMap((platform) => ['--platform', nameOf(platform)]);
  const args = ['scripts/release.ts', '--version', version, '--out', out, '--allow-dirty', ...chosen];
  const { code, stderr } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: process.env,
    cwd: root,
  });
  if (code !== 0) expect.fail(`npm run release: exit ${code}\n${stderr}`);
}

/** What `checksums.txt` says, by name. */
export function checksums(out: string): Record<string, string> {
  const lines = readFileSync(join(out, 'checksums.txt'), 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('  ').reverse() as [string, string]));
}

/** The real krew with nothing installed, and the real kubectl that finds what it installs. */
export class Krew {
  readonly folder = mkdtempSync(join(tmpdir(), 'infpool-krew-'));
  private readonly parts: Record<'krew' | 'kubectl' | 'validate-krew-manifest', string>;

  private constructor(parts: Krew['parts']) {
    this.parts = parts;
    for (const name of ['home', 'index/plugins']) mkdirSync(join(this.folder, name), { recursive: true });
  }

  static async start(): Promise<Krew> {
    const krew = new Krew(await ensureParts(['krew', 'kubectl', 'validate-krew-manifest']));
    krew.git('init', '-q', '-b', 'main');
    krew.git('commit', '-q', '--allow-empty', '-m', 'nothing yet');
    await krew.krewDone(['update']);
    return krew;
  }

  /** Puts a manifest into the index that this krew has in place of krew-index. */
  publish(manifest: string): void {
    writeFileSync(join(this.folder, 'index', 'plugins', 'infpool.yaml'), manifest);
    this.git('add', '.');
    this.git('commit', '-q', '-m', 'infpool');
  }

  private git(...args: string[]): void {
    const who = ['-c', 'user.name=spec', '-c', 'user.email=spec@example.com', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...who, ...args], { cwd: join(this.folder, 'index'), stdio: 'pipe', env: this.env });
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** krew as on another platform, too; it only downloads, unpacks and links. */
  krew(args: string[], platform?: Platform): Promise<Outcome> {
    const on = platform ? { KREW_OS: platform.os, KREW_ARCH: platform.arch } : {};
    return run(this.parts.krew, args, { env: { ...this.env, ...on }, cwd: this.folder });
  }

  async krewDone(args: string[], platform?: Platform): Promise<string> {
    const { code, stdout, stderr } = await this.krew(args, platform);
    if (code !== 0) expect.fail(`krew ${args.join(' ')}: exit ${code}\n${stderr}`);
    return stdout + stderr;
  }

  /** The manifest of a release with the archive beside it. */
  install(out: string, version: string, platform: Platform): Promise<string> {
    const files = [`--manifest=${out}/infpool.yaml`, `--archive=${out}/${archiveName(version, platform)}`];
    return this.krewDone(['install', ...files], platform);
  }

  kubectl(...args: string[]): Promise<Outcome> {
    return run(this.parts.kubectl, args, { env: this.env, cwd: this.folder });
  }

  validate(manifest: string): Promise<Outcome> {
    const args = ['-manifest', manifest, '-skip-install'];
    return run(this.parts['validate-krew-manifest'], args, { env: this.env, cwd: this.folder });
  }

  /** Where krew has unpacked a version. */
  store(version: string): string {
    return join(this.folder, 'krew', 'store', 'infpool', version);
  }

  private get env(): NodeJS.ProcessEnv {
    return {
      HOME: join(this.folder, 'home'),
      KREW_ROOT: join(this.folder, 'krew'),
      KREW_DEFAULT_INDEX_URI: `file://${this.folder}/index`,
      KREW_NO_UPGRADE_CHECK: '1',
      PATH: `${join(this.folder, 'krew', 'bin')}:/usr/bin:/bin`,
    };
  }
}
