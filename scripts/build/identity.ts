// What `kubectl infpool version` says: taken from package.json and the commit, never from the clock, so
// that the same commit gives the same bytes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Identity {
  /** `v` and a semantic version, as in the release's tag. */
  version: string;
  /** The commit's hash, `-dirty` after it when the sources differ from it; `unknown` outside of git. */
  commit: string;
  /** When the commit was made (ISO 8601, UTC); `unknown` outside of git. */
  date: string;
}

/** The paths that end up in the binary. */
const sources = ['src', 'plugin', 'package.json', 'package-lock.json'];

export function identify(root: string): Identity {
  const version = `v${packageVersion(root)}`;
  const commit = git(root, 'rev-parse', 'HEAD');
  if (!commit) return { version, commit: 'unknown', date: 'unknown' };
  const date = git(root, 'show', '-s', '--date=format-local:%Y-%m-%dT%H:%M:%SZ', '--format=%cd', 'HEAD');
  const changed = git(root, 'status', '--porcelain', '--', ...sources);
  return { version, commit: changed === '' ? commit : `${commit}-dirty`, date: date ?? 'unknown' };
}

export function packageVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** What git says, trimmed; undefined when there is no git or no repository. */
export function git(root: string, ...args: string[]): string | undefined {
  const env = { ...process.env, TZ: 'UTC', GIT_OPTIONAL_LOCKS: '0' };
  const done = spawnSync('git', args, { cwd: root, env, encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : undefined;
}
