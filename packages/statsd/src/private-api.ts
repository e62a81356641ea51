/** What is used of hot-shots that it does not document: its types lack `send`, and its optional native module can't be asked for. */
import { createRequire } from 'node:module';
import { type ClientOptions, StatsD } from 'hot-shots';

/** A client of hot-shots that sends texts as they are. */
export interface RawClient {
  /** The transport; null if it could not be created. */
  readonly socket: unknown;
  /** Sends one packet. Nothing is added to the text if there are neither tags nor a prefix. */
  send(text: string, tags: readonly string[], callback: (error?: Error | null) => void): void;
  close(callback: (error?: Error) => void): void;
}

/** Creates a client that adds nothing to what is sent: no tags of the environment, no telemetry, no buffer. */
export function rawClient(options: ClientOptions): RawClient {
  const quiet: ClientOptions = {
    maxBufferSize: 0,
    includeDataDogTags: false,
    datadog: false,
    includeDatadogTelemetry: false,
    // Closing waits so long for packets in flight; none is.
    closingFlushInterval: 1,
  };
  return new StatsD({ ...options, ...quiet }) as unknown as RawClient;
}

/** Returns why hot-shots can't open Unix sockets; undefined if it can. */
export function unixDgramFailure(): unknown {
  try {
    createRequire(createRequire(import.meta.url).resolve('hot-shots'))('unix-dgram');
    return undefined;
  } catch (cause) {
    return cause;
  }
}
