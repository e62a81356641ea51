/** A log that people read on a terminal: a short line for each entry in place of JSON. */
import process from 'node:process';
import type { FastifyServerOptions } from 'fastify';
import type { LoggingConfiguration } from '../configuration/schema.js';

/** What the format follows from. */
export interface LogChoice {
  readonly format: LoggingConfiguration['format'];
  /** The application's, such as `production`. */
  readonly profile: string | undefined;
  /** What the application was given in place of the default. */
  readonly logger: FastifyServerOptions['logger'];
}

/** Pino's options with a stream that formats, where that is wanted; otherwise what was given. */
export async function formattedLogger(choice: LogChoice): Promise<FastifyServerOptions['logger']> {
  const { logger } = choice;
  if (!isPretty(choice)) return logger;
  // Loaded only where it is used: not in production.
  const { default: pretty } = await import('pino-pretty');
  // Synchronous, as pino's own output is: the last line before an exit is not lost.
  const stream = pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' });
  return { ...(typeof logger === 'object' ? logger : {}), stream };
}

function isPretty({ format, profile, logger }: LogChoice): boolean {
  if (format === 'json' || logger === false) return false;
  // Whoever gives options of pino's has a format in mind, or lines that go elsewhere.
  if (typeof logger === 'object' && Object.keys(logger).some((name) => name !== 'level')) return false;
  return format === 'pretty' || (process.stdout.isTTY === true && !isUnattended(profile));
}

function isUnattended(profile: string | undefined): boolean {
  const { NODE_ENV: nodeEnvironment, CI: ci = '' } = process.env;
  return nodeEnvironment === 'production' || profile === 'production' || !['', '0', 'false'].includes(ci);
}
