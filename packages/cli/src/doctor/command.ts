/** `tsukimi doctor`: finds problems in a project and says how to fix them. */
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { teach } from '../teaching-help.js';
import type { DoctorOptions } from './examine.js';

/** Creates the command. */
export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .description('Find problems in a project and say how to fix them. Exits with code 1 if there is an error.')
    .argument('[dir]', 'folder of the project, with its package.json', '.')
    .option('--strict', 'exit with code 1 for warnings, too')
    .option('--json', 'print one JSON document')
    .action(async (folder: string, options: DoctorOptions) => (await import('./examine.js')).examine(context, folder, options));
  return teach(command, {
    examples: [
      { line: 'tsukimi doctor', what: 'check the project in the current folder' },
      { line: 'tsukimi doctor services/shop --strict', what: 'in CI: fail on warnings, too' },
      { line: "tsukimi doctor --json | jq '.findings[].code'", what: 'for scripts' },
    ],
    readOn: ['docs/guides/doctor.md'],
  });
}
