/** Every command, in the order in which `--help` lists them. */
import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { composeCommand } from './compose/command.js';
import { dashboardCommand } from './dashboard/command.js';
import { doctorCommand } from './doctor/command.js';
import { initCommand } from './init/command.js';
import { rulesCommand } from './rules/command.js';
import { topCommand } from './top/command.js';

// What a command does is imported when it runs, so that help and questions come at once.
export const COMMANDS: readonly ((context: CommandContext) => Command)[] = [
  initCommand,
  dashboardCommand,
  rulesCommand,
  composeCommand,
  topCommand,
  doctorCommand,
];
