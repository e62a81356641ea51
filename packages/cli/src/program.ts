/** The program `tsukimi` with its commands, which write to the context only. */

import { Command } from 'commander';
import { hasColors } from './colors.js';
import type { CommandContext } from './command-context.js';
import { composeCommand } from './compose/command.js';
import { dashboardCommand } from './dashboard/command.js';
import { doctorCommand } from './doctor/command.js';
import { initCommand } from './init/command.js';
import { packageVersion } from './own-package.js';
import { profileCommand } from './profile/command.js';
import { rulesCommand } from './rules/command.js';
import { teach } from './teaching-help.js';
import { topCommand } from './top/command.js';

// Every command, in the order in which `--help` lists them. What a command does is imported when it runs, so that help and questions come at once.
const COMMANDS: readonly ((context: CommandContext) => Command)[] = [
  initCommand,
  dashboardCommand,
  rulesCommand,
  composeCommand,
  topCommand,
  profileCommand,
  doctorCommand,
];

const COLUMNS_WITHOUT_TERMINAL = 100;
const MOST_COLUMNS = 120;

/** Creates the program, which parses one command line. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('tsukimi')
    .description(
      'Create Tsukimi projects, generate dashboards and alert rules, watch a running application, and find problems in a project.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput(outputConfiguration(context))
    .configureHelp({ styleTitle: bold })
    .showHelpAfterError('See: tsukimi --help')
    .exitOverride();
  for (const create of COMMANDS) addCommand(program, create(context));
  return teach(program, {
    examples: [
      { line: 'tsukimi init shop', what: 'create a new project in the folder shop' },
      { line: 'tsukimi top 127.0.0.1:8000', what: 'watch a running application' },
      { line: 'tsukimi init --help', what: 'show the help of one command' },
    ],
    readOn: ['docs/reference/command-line.md'],
  });
}

// Commander passes the settings of a program only to commands that it creates itself.
function addCommand(program: Command, command: Command): void {
  command
    .copyInheritedSettings(program)
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`See: tsukimi ${command.name()} --help`);
  program.addCommand(command);
}

function outputConfiguration({ output, errorOutput, environment }: CommandContext) {
  return {
    writeOut: (text: string) => output.write(text),
    writeErr: (text: string) => errorOutput.write(withoutCredentials(text)),
    getOutHelpWidth: () => helpWidth(output),
    getErrHelpWidth: () => helpWidth(errorOutput),
    getOutHasColors: () => hasColors(output, environment),
    getErrHasColors: () => hasColors(errorOutput, environment),
  };
}

// Commander's errors repeat arguments, which may be an address with a password.
function withoutCredentials(text: string): string {
  return text.replace(/^error: .*$/gm, (line) => line.replace(/[^\s'"]*@/g, '***@'));
}

function helpWidth(output: CommandContext['output']): number {
  // A terminal with unknown width reports 0.
  return Math.min(output.size()?.columns || COLUMNS_WITHOUT_TERMINAL, MOST_COLUMNS);
}

// Commander removes the escape codes if the output has no colours.
function bold(text: string): string {
  return `\u001B[1m${text}\u001B[22m`;
}
