/** `tsukimi doctor`: what will not work in a project, and how to fix it. */
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { teach } from '../teaching-help.js';
import type { DoctorOptions } from './examine.js';

/** Makes the command. */
export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .description('Say what will not work in a project, and the fix. Exit code 1 where there is an error.')
    .argument('[dir]', 'folder of the project, the one with its package.json', '.')
    .option('--strict', 'warnings end with exit code 1 too')
    .option('--json', 'print one JSON document')
    .action(async (folder: string, options: DoctorOptions) => (await import('./examine.js')).examine(context, folder, options));
  return teach(command, {
    examples: [
      { line: 'tsukimi doctor', what: 'the project in this folder' },
      { line: 'tsukimi doctor services/shop --strict', what: 'for CI: warnings fail, too' },
      { line: "tsukimi doctor --json | jq '.findings[].code'", what: 'for scripts' },
    ],
    readOn: ['docs/guides/doctor.md'],
  });
}
