/** The error class of this package, and its errors. */
import { ApplicationError, describeReceived } from '@tsukimi/core';

/** An error of `@tsukimi/statsd`: what happened, what was received, and how to fix it. */
export class StatsdError extends ApplicationError {
  override readonly name: string = 'StatsdError';
}

export const invalidOption = (key: string, value: unknown, allowed: string): StatsdError =>
  new StatsdError('TSK_ERR_STATSD_OPTION', `${key} is ${describeReceived(value, { isPlain: true })}. Use ${allowed}.`);

export const noUnixSockets = (socket: string, cause: unknown): StatsdError =>
  new StatsdError(
    'TSK_ERR_STATSD_UNIX_SOCKET',
    `The socket ${socket} can't be used: the native module unix-dgram, with which hot-shots opens Unix sockets, is not installed or was not built for this version of Node.js. Install it where a C++ compiler and Python are (npm install unix-dgram), or use host and port.`,
    { cause },
  );

/** Logged once, never thrown. */
export const lineTooLong = (metric: string, mostBytes: number): StatsdError =>
  new StatsdError(
    'TSK_ERR_STATSD_LINE',
    `A series of ${metric} is not sent: its line is longer than a packet of ${mostBytes} bytes. Shorten its label values or the global tags, or raise the limit of a packet if the network allows it. Further ones are counted in statsd_dropped_total.`,
  );

/** Logged once for each metric, never thrown. */
export const nameTaken = (metric: string, name: string): StatsdError =>
  new StatsdError(
    'TSK_ERR_STATSD_NAME',
    `A series of ${metric} would have the name ${name}, which another series has. It is sent with a hash at the end of its name. Rename one of the metrics, or use the mode dogstatsd, where labels are tags.`,
  );
