/** What `tsukimi compose` can't make files from. */
import { CommandError } from '../errors.js';

/** @param why what the framework refuses to start with: it shows no received values */
export const unreadableConfiguration = (folder: string, why: string): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `An application with the configuration in ${folder} would not start, and its name, ports and metrics come from there: ${why}`,
  );

export const invalidPort = (key: string, source: string): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `${key} is 0 (${source}), which takes any free port: nobody could know which port of the container to ask. Give it a port from 1 to 65535.`,
  );
