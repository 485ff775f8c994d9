import type { Cluster } from '../api/cluster.ts';
import type { ConnectionFlags } from '../cluster/connect.ts';
import type { Holder } from '../claim/holder.ts';
import type { Glance } from '../cluster/glance.ts';
import type { Style } from '../report/text.ts';

/** Where text goes. Resolves when the stream has taken it. */
export interface Sink {
  write(text: string): void;
  /** Where `write` folds lines and completes commands: as it is. */
  verbatim?(text: string): void;
}

/** Everything of the outside world that a command may use. */
export interface Context {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** How stderr, where people read, may look. */
  readonly style: Style;
  /** How stdout may look. */
  readonly outStyle: Style;
  /** True where a question can be answered. */
  readonly interactive: boolean;
  readonly cwd: string;
  readonly version: { readonly version: string; readonly commit: string; readonly date: string };
  /** How long a migration waits for an API server that is away, or for evidence that is lacking, in ms. */
  readonly patienceMs: number;
  now(): Date;
  /** Who we are, for others that want the same pools. */
  holder(): Holder;
  /** Whether a process of that id runs on this machine. */
  runs(pid: number): boolean;
  /** Done before the program ends by Ctrl-C or SIGTERM, if it takes a moment only; returns what takes it back. */
  onInterrupt(work: () => Promise<void>): () => void;
  connect(flags: ConnectionFlags, fieldManager?: string): Promise<Cluster>;
  /** For shell completion: without a word or a question, and over with the signal. @throws UserError */
  glance(flags: ConnectionFlags, signal: AbortSignal): Promise<Glance>;
  /** One line on stderr that is written over, on a terminal; elsewhere now and then a line. '' ends it. */
  progress(line: string): void;
  ask(question: string): Promise<string>;
  /** All of stdin; with `enough`, at least that many characters where there is more. */
  readStdin(enough?: number): Promise<string>;
}
