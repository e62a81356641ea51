/** `tsukimi profile`: which component uses the CPU, or holds the memory. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.js';
import { teach } from '../teaching-help.js';
import type { Kind, ProfileOptions } from './run-profile.js';

/** Creates the command. */
export function profileCommand(context: CommandContext): Command {
  const command = new Command('profile')
    .description('Show which component and method of a running application uses the CPU, or holds the memory, and save the profile.')
    .addArgument(new Argument('<kind>', 'what to profile').choices(['cpu', 'heap']))
    .argument('<url>', 'host and port of the application, with or without /metrics')
    .option('-s, --seconds <n>', 'how long (default: 10; heap since the start, if the application samples it)', seconds)
    .addOption(new Option('-f, --format <format>', 'format of the file').choices(['devtools', 'pprof']).default('devtools'))
    .option('-o, --output <file>', 'where to save the profile (default: a name with the time, in the current folder)')
    .option('-l, --limit <n>', 'maximum number of methods', whole, 20)
    .action(async (kind: Kind, url: string, options: ProfileOptions) =>
      (await import('./run-profile.js')).runProfile(context, { kind, url, ...options }),
    );
  return teach(command, {
    examples: [
      { line: 'tsukimi profile cpu 127.0.0.1:8000', what: 'ten seconds; the file opens in Chrome DevTools and VS Code' },
      { line: 'tsukimi profile heap 127.0.0.1:8000 --seconds 60', what: 'what was allocated in a minute and is still in use' },
      { line: 'tsukimi profile cpu 127.0.0.1:8000 --format pprof', what: 'a file for go tool pprof and others' },
    ],
    readOn: ['docs/guides/find-the-culprit.md'],
  });
}

function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0.1 && value <= 60) return value;
  throw new InvalidArgumentError('Use a number from 0.1 to 60.');
}

function whole(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use a whole number of at least 1.');
}
