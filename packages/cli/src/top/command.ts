/** `tsukimi top`: what an application's routes and methods do right now. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.js';
import { teach } from '../teaching-help.js';
import type { TopOptions } from './run-top.js';
import { SORT_KEYS, VIEWS } from './sections.js';

const SHORTEST_INTERVAL_MS = 100;
const LONGEST_TIME_MS = 3_600_000;

/** Creates the command. */
export function topCommand(context: CommandContext): Command {
  const command = new Command('top')
    .description('Show the routes and methods of a running application with their rates, errors and p95, live.')
    .argument('<url>', 'host and port of the application, with or without /metrics')
    .addOption(new Option('-s, --sort <key>', 'column to sort by').choices(SORT_KEYS).default('rate'))
    .addOption(new Option('--view <view>', 'rows to show').choices(VIEWS).default('both'))
    .option('-i, --interval <ms>', 'time between two reads', whole(SHORTEST_INTERVAL_MS, LONGEST_TIME_MS), 1000)
    .option('--timeout <ms>', 'how long to wait for a response', whole(1, LONGEST_TIME_MS), 5000)
    .option('-l, --limit <n>', 'maximum number of routes and of methods (default: all)', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--once', 'print one table and exit (default if the output is not a terminal)')
    .option('--json', 'print one JSON document and exit')
    .action(async (url: string, options: TopOptions) => (await import('./run-top.js')).runTop(context, url, options));
  return teach(command, {
    examples: [
      { line: 'tsukimi top 127.0.0.1:8000', what: 'keys: r e p n sort, Tab switches between routes and methods, arrows scroll, q quits' },
      { line: 'tsukimi top 127.0.0.1:8000 --sort errors --limit 10', what: 'the ten routes and ten methods with the most errors' },
      { line: 'tsukimi top https://shop.example.org --once --interval 10000', what: 'one table, with rates over ten seconds' },
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
      `Use a whole number ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}.`,
    );
  };
}
