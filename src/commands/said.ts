// What is said to a person, on its way to stderr: folded where the terminal is narrow, and each command in it complete.
import { repeating, type Repeated } from '../report/commands.ts';
import { folded, type Style } from '../report/text.ts';
import type { Context, Sink } from './context.ts';

/** The same context, whose stderr says commands with the connection that is used here: pasted, they go to the same cluster. */
export function saying(context: Context, repeated: Repeated): Context {
  const { stderr, style } = context;
  return {
    ...context,
    stderr: {
      write: (text) => stderr.write(folded(repeating(text, repeated), style.width)),
      verbatim: (text) => stderr.write(text),
    },
  };
}

/** For what is folded on its way only: folded before, a line that a command makes longer would be folded twice. */
export function unfolded(style: Style): Style {
  return { ...style, width: Infinity };
}

/** A patch, or another program's words: no line is folded. */
export function verbatim(sink: Sink, text: string): void {
  if (sink.verbatim) sink.verbatim(text);
  else sink.write(text);
}
