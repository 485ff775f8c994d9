// What the demo puts on the screen: plain text for any terminal, colours only where there is one.
const color = process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
const width = Math.max(60, Math.min(process.stdout.isTTY ? process.stdout.columns : 100, 100));
const began = performance.now();

const codes = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const;
type Color = keyof typeof codes;

function paint(name: Color, text: string): string {
  return color ? `\x1b[${codes[name]}m${text}\x1b[0m` : text;
}

/** Seconds since the demo was started, as `12 s`. */
export function elapsed(): string {
  return `${Math.round((performance.now() - began) / 1000)} s`;
}

export function blank(): void {
  process.stdout.write('\n');
}

export function heading(title: string): void {
  const time = elapsed();
  const rule = '─'.repeat(Math.max(3, width - title.length - time.length - 7));
  process.stdout.write(`\n${paint('bold', `── ${title}`)} ${paint('dim', `${rule} ${time}`)}\n\n`);
}

/** A paragraph of ours, as a comment in a shell. */
export function say(text: string): void {
  for (const line of fold(text, width - 2, 0)) process.stdout.write(`${paint('dim', `# ${line}`)}\n`);
}

/** A command as it is typed. */
export function typed(command: string): void {
  print(`$ ${command}`, 'cyan');
}

/** A table or a drawing: as it is, since folding would spoil it. */
export function pasted(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What a program printed: its own lines, those that are too long folded. */
export function printed(text: string): void {
  for (const line of text.replace(/\n$/, '').split('\n')) print(line);
}

export function good(text: string): void {
  print(`√ ${text}`, 'green');
}

export function bad(text: string): void {
  print(`✗ ${text}`, 'red');
}

function print(text: string, dress?: Color): void {
  for (const line of fold(text, width)) process.stdout.write(`${dress ? paint(dress, line) : line}\n`);
}

/** Breaks at spaces; what is carried over stands further in than its line began. */
export function fold(line: string, columns: number, further = 2): string[] {
  const indent = ' '.repeat(Math.min(/^ */.exec(line)![0].length, 2) + further);
  const lines: string[] = [];
  let rest = line.trimEnd();
  while (rest.length > columns) {
    const start = /^ */.exec(rest)![0].length;
    const at = rest.lastIndexOf(' ', columns);
    const end = at > start ? at : columns;
    lines.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
