// What is measured stands in README.md between two marks, `<!-- NAME -->` and `<!-- /NAME -->`.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const readme = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'README.md');

/** Replaces what is between the marks. @throws an error where there are none */
export function put(name: string, section: string): void {
  const text = readFileSync(readme, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${open} … ${close}.`);
  writeFileSync(readme, `${text.slice(0, from + open.length)}\n\n${section}\n\n${text.slice(to)}`);
}
