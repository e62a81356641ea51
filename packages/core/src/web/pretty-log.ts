/** The log format for terminals: a short line for each entry instead of JSON. */
import process from 'node:process';
import type { FastifyServerOptions } from 'fastify';
import type { LoggingConfiguration } from '../configuration/schema.js';

/** The input for the choice of the format. */
export interface LogChoice {
  readonly format: LoggingConfiguration['format'];
  /** The active profile, such as `production`. */
  readonly profile: string | undefined;
  /** The application's `logger` option. */
  readonly logger: FastifyServerOptions['logger'];
}

/** Returns Pino's options with a formatting stream if the log should be pretty; otherwise the given options. */
export async function formattedLogger(choice: LogChoice): Promise<FastifyServerOptions['logger']> {
  const { logger } = choice;
  if (!isPretty(choice)) return logger;
  // Loaded only if it is used, which is not in production.
  const { default: pretty } = await import('pino-pretty');
  // Synchronous like pino's own output, so that the last line before an exit is not lost.
  const stream = pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' });
  return { ...(typeof logger === 'object' ? logger : {}), stream };
}

function isPretty({ format, profile, logger }: LogChoice): boolean {
  if (format === 'json' || logger === false) return false;
  // If the application sets pino's options for output, it decides the format.
  if (typeof logger === 'object' && Object.keys(logger).some((name) => name !== 'level')) return false;
  return format === 'pretty' || (process.stdout.isTTY === true && !isUnattended(profile));
}

function isUnattended(profile: string | undefined): boolean {
  const { NODE_ENV: nodeEnvironment, CI: ci = '' } = process.env;
  return nodeEnvironment === 'production' || profile === 'production' || !['', '0', 'false'].includes(ci);
}
