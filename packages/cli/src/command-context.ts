/** What a command may touch of the world, so that each can be run by a test as by a shell. */

/** Where a command writes. */
export interface Output {
  write(text: string): void;
  /** Whether a person looks at it: colour and redrawing only then. */
  readonly isTerminal: boolean;
  /** Columns and rows of the terminal; undefined if there is none. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
}

/** Given to every command. */
export interface CommandContext {
  readonly output: Output;
  readonly errorOutput: Output;
  readonly input: NodeJS.ReadStream;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
