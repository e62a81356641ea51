/** The environment of a command, so that tests can run it like a shell. */

/** Where a command writes. */
export interface Output {
  write(text: string): void;
  /** Whether the output is a terminal, which allows colours and redrawing. */
  readonly isTerminal: boolean;
  /** Columns and rows of the terminal; undefined if there is none. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
}

/** The context that every command gets. */
export interface CommandContext {
  readonly output: Output;
  readonly errorOutput: Output;
  readonly input: NodeJS.ReadStream;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
