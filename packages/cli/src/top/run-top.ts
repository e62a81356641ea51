/** Implements `tsukimi top`: shows the live table, or prints one table if the output is not a terminal. */
import type { CommandContext } from '../command-context.js';
import { metricsAddress } from './address.js';
import { printJson, printTable } from './once.js';
import type { SortKey, View } from './sections.js';
import { watch } from './watch.js';

/** The options, as parsed by commander. */
export interface TopOptions {
  readonly sort: SortKey;
  readonly view: View;
  readonly interval: number;
  readonly timeout: number;
  readonly limit?: number;
  readonly once?: true;
  readonly json?: true;
}

/** @throws TSK_ERR_REMOTE_URL, and what the first reading throws */
export async function runTop(context: CommandContext, url: string, options: TopOptions): Promise<void> {
  const { sort, view, limit = Number.POSITIVE_INFINITY, interval: intervalMs, timeout: timeoutMs } = options;
  const request = { address: metricsAddress(url), intervalMs, timeoutMs, choice: { sort, view, limit } };
  if (options.json) return await printJson(context, request);
  if (options.once || !canRedraw(context)) return await printTable(context, request);
  await watch(context, request);
}

function canRedraw({ output, environment }: CommandContext): boolean {
  return output.isTerminal && environment['TERM'] !== 'dumb';
}
