/** `tsukimi top`: what an application's routes and methods do right now. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.js';
import { teach } from '../teaching-help.js';
import type { TopOptions } from './run-top.js';
import { SORT_KEYS, VIEWS } from './sections.js';

const SHORTEST_INTERVAL_MS = 100;
const LONGEST_TIME_MS = 3_600_000;

/** Makes the command. */
export function topCommand(context: CommandContext): Command {
  const command = new Command('top')
    .description('Show the routes and component methods of a running application by rate, errors and p95, live.')
    .argument('<url>', 'host and port of the application, with or without /metrics')
    .addOption(new Option('-s, --sort <key>', 'what to sort by').choices(SORT_KEYS).default('rate'))
    .addOption(new Option('--view <view>', 'what to show').choices(VIEWS).default('both'))
    .option('-i, --interval <ms>', 'time between two readings', whole(SHORTEST_INTERVAL_MS, LONGEST_TIME_MS), 1000)
    .option('--timeout <ms>', 'how long to wait for an answer', whole(1, LONGEST_TIME_MS), 5000)
    .option('-l, --limit <n>', 'rows of each kind at most', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--once', 'print one table and end; so it is where the output is no terminal')
    .option('--json', 'print one JSON document and end')
    .action(async (url: string, options: TopOptions) => (await import('./run-top.js')).runTop(context, url, options));
  return teach(command, {
    examples: [
      { line: 'tsukimi top 127.0.0.1:8000', what: 'keys: r e p n sort, tab routes or methods, arrows scroll, q quits' },
      { line: 'tsukimi top 127.0.0.1:8000 --sort errors --limit 10', what: 'what fails most' },
      { line: 'tsukimi top https://shop.example.org --once --interval 10000', what: 'one table, with the rates of ten seconds' },
      { line: "tsukimi top 127.0.0.1:8000 --json | jq '.routes[0]'", what: 'for scripts' },
    ],
    readOn: ['docs/guides/live-table.md'],
  });
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Write a whole number ${most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`}.`,
    );
  };
}
