/** `--port`, where a command takes one. */
import { InvalidArgumentError } from 'commander';

/**
 * A TCP port, 1 to 65535.
 * @throws InvalidArgumentError, which becomes a message on `--port` and exit code 2
 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a whole number from 1 to 65535.');
}
