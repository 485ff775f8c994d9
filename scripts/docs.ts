// `npm run docs`: writes what of docs/ is made from the code. `--check` writes nothing, and fails where a file is stale.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { allDocuments, OWN_FOLDERS } from './docs/all.ts';

const check = process.argv.includes('--check');
const documents = await allDocuments();
const made = new Set(documents.map(({ path }) => path));
const stale = documents.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
const left = OWN_FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.md`)).filter(
  (path) => !made.has(path.replaceAll('\\', '/')),
);

if (check && stale.length + left.length > 0) {
  for (const { path } of stale) console.error(`stale: ${path}`);
  for (const path of left) console.error(`nothing makes it: ${path}`);
  console.error('These are made from the code. Run: npm run docs');
  process.exitCode = 1;
} else if (!check) {
  for (const { path, text } of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
  for (const path of left) rmSync(path);
  if (stale.length === 0) console.log('Nothing to write: all of it is as the code says.');
}
