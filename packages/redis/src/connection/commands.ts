/** What this package needs of a client of Redis. */

/** How a command is sent. */
export interface CommandOptions {
  /** Ends the wait for the reply. The command may have been executed all the same. */
  readonly signal: AbortSignal;
  /** The first key of the command, by which a cluster chooses the node. */
  readonly key: string;
  readonly isReadOnly?: boolean;
}

export interface RedisCommands {
  readonly isCluster: boolean;
  /** Sends one command, and returns its reply. Rejects if there is no connection; at most one command whose reply nobody waits for stays behind. */
  send(command: readonly [name: string, ...args: string[]], options: CommandOptions): Promise<unknown>;
  /** Closes what was opened here: nothing, if the user gave the client. */
  close(): Promise<void> | void;
}
