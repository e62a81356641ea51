/** The errors of `tsukimi compose`. */
import { CommandError } from '../errors.js';

/** @param why the framework's error, which shows no received values */
export const unreadableConfiguration = (folder: string, why: string): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `The name, the ports and the path of the metrics can't be read from the configuration in ${folder}, because the application would not start with it: ${why}`,
  );

export const invalidPort = (key: string, source: string): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `${key} is 0 (${source}), which means any free port, so Prometheus could not know which port of the container to scrape. Set it to a port from 1 to 65535.`,
  );
