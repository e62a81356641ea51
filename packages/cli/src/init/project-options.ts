/** The options of a new project. */
import { InvalidArgumentError } from 'commander';

export interface ProjectOptions {
  /** A name that npm takes. */
  readonly name: string;
  /** As it was typed, from the working directory. */
  readonly directory: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Whether it gets a Dockerfile, and Prometheus and Grafana beside it. */
  readonly docker: boolean;
}

export const DEFAULT_PORT = 8000;

/**
 * A TCP port, 1 to 65535.
 * @throws InvalidArgumentError, which becomes a message on `--port` and exit code 2
 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('Use a whole number from 1 to 65535.');
}
