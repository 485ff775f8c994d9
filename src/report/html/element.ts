// HTML as text. What comes from a cluster goes through `xml` on its way; what is put together here is HTML already.
import { xml } from '../../api/xml.ts';

export { xml };

/** Rows of cells; the first cell of each is its heading. Cells are HTML. */
export function htmlTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [
    // A wide table scrolls by itself, by the keyboard, too.
    `<div class="scroll" role="region" tabindex="0" aria-label="${xml(caption)}"><table>`,
    `<caption>${xml(caption)}</caption>`,
    `<thead><tr>${head.map((cell) => `<th scope="col">${xml(cell)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map(
      ([first, ...cells]) =>
        `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
    ),
    '</tbody></table></div>',
  ].join('\n');
}

export function section(id: string, title: string, ...content: readonly string[]): string {
  return [
    `<section id="${id}" aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title">${xml(title)}</h2>`,
    ...content,
    '</section>',
  ].join('\n');
}

export type Tone = 'good' | 'bad' | 'doubt' | 'plain';

const SIGNS: Readonly<Record<Tone, string>> = { good: '√', bad: '×', doubt: '?', plain: '–' };

/** A state in a word, with a sign and a colour. */
export function badge(tone: Tone, word: string): string {
  return `<span class="badge ${tone}"><span aria-hidden="true">${SIGNS[tone]}</span> ${xml(word)}</span>`;
}

export function code(text: string): string {
  return `<code>${xml(text)}</code>`;
}

/** A word of ours, such as an id: in a narrow column it stays whole. */
export function word(text: string): string {
  return `<span class="word">${xml(text)}</span>`;
}

/** A unified diff, each line with its sign; added and removed lines are coloured, too. */
export function diffBlock(diff: string): string {
  const lines = diff.replace(/\n$/, '').split('\n');
  const shown = lines.map((line) => {
    const tag = /^\+(?!\+\+ )/.test(line) ? 'ins' : /^-(?!-- )/.test(line) ? 'del' : '';
    return tag === '' ? xml(line) : `<${tag}>${xml(line)}</${tag}>`;
  });
  return `<pre class="diff" tabindex="0">${shown.join('\n')}</pre>`;
}
