// Output as it is meant to be, kept in test/golden. UPDATE_GOLDEN=1 writes what the code makes of it now: look at the
// difference before it is committed. A golden file that is not there fails.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const FOLDER = join(import.meta.dirname, '..', 'golden');

export function expectGolden(name: string, actual: string): void {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  if (!existsSync(path)) expect.fail(`test/golden/${name} is not there. Make it with UPDATE_GOLDEN=1.`);
  expect(actual, `test/golden/${name}`).to.equal(readFileSync(path, 'utf8'));
}
