// A document with commands to copy: its blocks, what is typed in each, and what the document says is printed then.

export interface Command {
  /** As typed; lines that end with a backslash go on. */
  text: string;
  /** What it prints, by the document; undefined where the document shows nothing. */
  prints: string[] | undefined;
  /** 1-based, of the command in the document. */
  line: number;
}

export interface Block {
  /** `sh`: typed in the checkout. `console`: typed in the lab's shell. */
  where: 'sh' | 'console';
  commands: Command[];
  /** 0-based lines of what is between the fences. */
  from: number;
  to: number;
}

const FENCE = /^```(sh|console)$/;
/** Before a block that is shown, and can't be run where the document is tested. */
const NOT_RUN = '<!-- not run -->';

/** @throws on a fence that is not closed */
export function blocksOf(document: string): Block[] {
  const lines = document.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const where = FENCE.exec(lines[at]!)?.[1] as Block['where'] | undefined;
    if (where === undefined) continue;
    const to = lines.indexOf('```', at);
    if (to < 0) throw new Error(`line ${at + 1}: this fence is not closed`);
    const body = lines.slice(at + 1, to);
    const commands = where === 'sh' ? typed(body, at + 2) : shown(body, at + 2);
    if (lines[at - 1] !== NOT_RUN) blocks.push({ where, commands, from: at + 1, to });
    at = to;
  }
  return blocks;
}

function typed(body: string[], first: number): Command[] {
  return body.flatMap((text, index) =>
    text.trim() === '' || text.startsWith('#') ? [] : [{ text, prints: undefined, line: first + index }],
  );
}

function shown(body: string[], first: number): Command[] {
  const commands: Command[] = [];
  let open = false;
  for (const [index, text] of body.entries()) {
    const last = commands.at(-1);
    if (text.startsWith('$ ')) commands.push({ text: text.slice(2), prints: [], line: first + index });
    else if (last === undefined)
      throw new Error(`line ${first + index}: this block does not begin with "$ "`);
    else if (open) last.text += `\n${text}`;
    else last.prints!.push(text);
    open = (text.startsWith('$ ') || open) && text.endsWith('\\');
  }
  return commands;
}

/** The document with other output in its blocks; `outputs` has one entry a command of that block. */
export function rewrite(document: string, written: readonly { block: Block; outputs: string[][] }[]): string {
  const lines = document.split('\n');
  for (const { block, outputs } of written.toReversed()) {
    const body = block.commands.flatMap(({ text }, index) => [
      ...text.split('\n').map((line, part) => (part === 0 ? `$ ${line}` : line)),
      ...outputs[index]!,
    ]);
    lines.splice(block.from, block.to - block.from, ...body);
  }
  return lines.join('\n');
}
