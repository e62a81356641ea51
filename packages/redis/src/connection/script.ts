/** Scripts of Redis, sent by their hash and in full only if Redis does not know them. */
import { createHash } from 'node:crypto';
import type { CommandOptions, RedisCommands } from './commands.js';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

interface ScriptCall extends Omit<CommandOptions, 'key'> {
  /** In a cluster, all of one slot. */
  readonly keys: readonly [string, ...string[]];
  readonly args?: readonly string[];
}

/** Runs a script. Redis forgets scripts when it is restarted. */
export async function runScript(commands: RedisCommands, { text, sha }: Script, { keys, args = [], ...how }: ScriptCall): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args];
  const options = { ...how, key: keys[0] };
  try {
    return await commands.send(['EVALSHA', sha, ...rest], options);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await commands.send(['EVAL', text, ...rest], options);
  }
}
