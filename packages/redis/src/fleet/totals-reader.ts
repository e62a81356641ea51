/** Reads what the fleet keeps in Redis, in slices: neither Redis nor the event loop is stopped for long. */
import type { RedisCommands } from '../connection/commands.js';
import { runScript } from '../connection/script.js';
import { READ_HASHES } from './read-script.js';

/** How many keys or fields are asked for at once. */
const AT_ONCE = 200;

type Fields = ReadonlyMap<string, string>;

export interface TotalsReaderOptions {
  readonly commands: RedisCommands;
  readonly prefix: string;
  /** The limit of each command, in milliseconds. */
  readonly timeoutMs: number;
}

export class TotalsReader {
  readonly #options: TotalsReaderOptions;

  constructor(options: TotalsReaderOptions) {
    this.#options = options;
  }

  /** Returns all fields of a hash. It may be larger than what can be read at once. */
  async hash(key: string): Promise<Fields> {
    const fields = new Map<string, string>();
    let cursor = '0';
    do {
      const reply = await this.#send(['HSCAN', this.#key(key), cursor, 'COUNT', String(AT_ONCE)]);
      const [next, list] = reply as [unknown, readonly unknown[]];
      for (let index = 0; index + 1 < list.length; index += 2) fields.set(String(list[index]), String(list[index + 1]));
      cursor = String(next);
    } while (cursor !== '0');
    return fields;
  }

  /** Returns small hashes. Those that do not exist are empty. */
  async hashes(keys: readonly string[]): Promise<readonly Fields[]> {
    return await this.#inSlices(keys, async (slice) => {
      const reply = await runScript(this.#options.commands, READ_HASHES, { keys: slice, signal: this.#signal });
      return (reply as readonly (readonly unknown[])[]).map(fieldsOf);
    });
  }

  /** Returns values; undefined for keys that do not exist. */
  async values(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return await this.#inSlices(keys, async (slice) => {
      const reply = await this.#send(['MGET', ...slice]);
      return (reply as readonly unknown[]).map((value) => (value === null || value === undefined ? undefined : String(value)));
    });
  }

  /** Returns the members of a sorted set. */
  async members(key: string): Promise<readonly string[]> {
    return ((await this.#send(['ZRANGE', this.#key(key), '0', '-1'])) as readonly unknown[]).map(String);
  }

  async #inSlices<T>(keys: readonly string[], read: (slice: [string, ...string[]]) => Promise<readonly T[]>): Promise<readonly T[]> {
    const all: T[] = [];
    for (let start = 0; start < keys.length; start += AT_ONCE) {
      const slice = keys.slice(start, start + AT_ONCE).map((key) => this.#key(key));
      all.push(...(await read(slice as [string, ...string[]])));
    }
    return all;
  }

  #key(key: string): string {
    return `${this.#options.prefix}${key}`;
  }

  get #signal(): AbortSignal {
    return AbortSignal.timeout(this.#options.timeoutMs);
  }

  #send(command: [string, string, ...string[]]): Promise<unknown> {
    return this.#options.commands.send(command, { signal: this.#signal, key: command[1], isReadOnly: true });
  }
}

function fieldsOf(list: readonly unknown[]): Fields {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < list.length; index += 2) fields.set(String(list[index]), String(list[index + 1]));
  return fields;
}
