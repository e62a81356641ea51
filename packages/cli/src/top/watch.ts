/** The live table: reads, draws and handles keys until it ends. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { colorsOf } from '../colors.js';
import type { CommandContext } from '../command-context.js';
import { CommandError } from '../errors.js';
import { fetchReading } from './client.js';
import { LiveTable } from './live-table.js';
import { painter, Screen } from './screen.js';
import { listen, suspend } from './terminal-events.js';
import type { TopRequest } from './top-request.js';

const DEFAULT_SIZE = { columns: 80, rows: 24 };

/**
 * Shows the table until `q` or Ctrl-C. SIGTERM and SIGHUP end the process by that signal, once the terminal is as it was.
 * @throws what the first reading throws; later ones are tried again.
 */
export async function watch(context: CommandContext, request: TopRequest): Promise<void> {
  const { address, timeoutMs, choice } = request;
  const table = new LiveTable(address.url, await fetchReading(address, { timeoutMs }), choice);
  const signal = await show(context, table, request);
  if (signal !== undefined) process.kill(process.pid, signal);
}

/** @returns the signal that ended the table; undefined if a key did */
async function show({ output, environment, input }: CommandContext, table: LiveTable, request: TopRequest) {
  const screen = new Screen(output, painter(colorsOf(output, environment)));
  const end = new AbortController();
  let endedBy: NodeJS.Signals | undefined;
  const draw = () => screen.draw(table.lines(output.size() ?? DEFAULT_SIZE));
  const begin = () => {
    screen.enter();
    draw();
  };
  const release = listen(input, {
    ended: (signal) => {
      endedBy ??= signal;
      end.abort();
    },
    resized: () => {
      screen.forget();
      draw();
    },
    pressed: (key) => {
      const asked = table.press(key);
      if (asked === 'quit') end.abort();
      else if (asked === 'suspend') pause(screen, input, begin);
      else draw();
    },
    exiting: () => screen.leave(),
  });
  try {
    begin();
    await keepReading(table, { ...request, signal: end.signal, draw });
  } finally {
    screen.leave();
    release();
  }
  return endedBy;
}

function pause(screen: Screen, input: NodeJS.ReadStream, resumed: () => void): void {
  screen.leave();
  suspend(input, resumed);
}

async function keepReading(
  table: LiveTable,
  { address, intervalMs, timeoutMs, signal, draw }: TopRequest & { readonly signal: AbortSignal; draw(): void },
): Promise<void> {
  let lastAnswerMs = performance.now();
  let nextMs = lastAnswerMs + intervalMs;
  while (await elapses(nextMs - performance.now(), signal)) {
    nextMs = performance.now() + intervalMs;
    try {
      table.update(await fetchReading(address, { timeoutMs, signal }));
      lastAnswerMs = performance.now();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CommandError)) throw error;
      table.fail(error.message, performance.now() - lastAnswerMs);
    }
    draw();
  }
}

/** Waits. @returns false if the table ended first */
async function elapses(durationMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return await delay(Math.max(0, durationMs), true, { signal }).catch(() => false);
}
