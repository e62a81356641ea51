/** Writes to Redis that a task's token protects: a holder whose lease has ended can't overwrite what its successor wrote. */
import { givenClient, type RedisClientLike } from '../connection/given-client.js';
import { runScript, script } from '../connection/script.js';
import { invalidOption, staleToken } from '../errors.js';

/** A write with a token. */
export interface FencedWrite {
  /** The key that keeps the highest token seen. In a cluster, it must be in the slot of the other keys. */
  readonly fence: string;
  /** The token of the run. */
  readonly token: number;
  /** The commands to run, each with its arguments, such as `['SET', 'report', 'done']`. They run all at once, or not at all if the token is stale. */
  readonly commands: readonly (readonly string[])[];
  /**
   * The time limit, in milliseconds.
   * @default 5000
   */
  readonly timeoutMs?: number;
}

const WRITE = script(`local seen = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) < seen then return {0, string.format('%.0f', seen)} end
redis.call('SET', KEYS[1], ARGV[1])
local at = 2
while at <= #ARGV do
  local count = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + count))
  at = at + count + 1
end
return {1, ARGV[1]}`);

/**
 * Runs commands in Redis, unless a write with a higher token has come before.
 * @throws TSK_ERR_REDIS_STALE_TOKEN if it has; TSK_ERR_REDIS_OPTION
 *
 * @example
 * await fencedWrite(client, { fence: 'report:fence', token: run.token, commands: [['SET', 'report', text]] });
 */
export async function fencedWrite(client: RedisClientLike, { fence, token, commands, timeoutMs = 5000 }: FencedWrite): Promise<void> {
  if (!Number.isSafeInteger(token) || token < 1) throw invalidOption('token', token, 'the token of a task run');
  const args = [String(token), ...commands.flatMap((command) => [String(command.length), ...command])];
  const reply = await runScript(givenClient(client), WRITE, { keys: [fence], args, signal: AbortSignal.timeout(timeoutMs) });
  const [isWritten, seen] = reply as readonly unknown[];
  if (Number(isWritten) !== 1) throw staleToken(token, String(seen));
}
