/** Every error of `tsukimi top`: its code, and a function that writes its message. */
import { CommandError, UsageError } from '../errors.js';
import { printable } from '../printable.js';

/** @param shown the form of the address for messages */
export const invalidAddress = (shown: string): UsageError =>
  new UsageError(
    'TSK_ERR_REMOTE_URL',
    `${shown} is not the address of an application. Use host and port, such as 127.0.0.1:8000, or a URL, such as https://shop.example.org/metrics. In the user name and password, encode / as %2F and @ as %40.`,
  );

export const unreachable = (url: string, reason: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_UNREACHABLE',
    `Nothing answers at ${url} (${printable(reason)}). Start the application, or correct the host and port: use metrics.port if it is set, otherwise server.port.`,
    { cause },
  );

export const timedOut = (url: string, timeoutMs: number, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_TIMEOUT',
    `${url} did not answer within ${timeoutMs} ms. Check whether the application is busy or a firewall blocks the connection, or wait longer with --timeout.`,
    { cause },
  );

export const notFound = (url: string): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_STATUS',
    `${url} does not exist (404). Either the metrics have another path or port or are disabled (metrics.path, metrics.port, metrics.enabled), or the address of this machine is not in metrics.allowed_ips.`,
  );

export const refused = (url: string, status: number): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_STATUS',
    `${url} answered with status ${status} instead of metrics. Check the logs of the application and of any proxy in front of it.`,
  );

export const notTsukimi = (url: string, what: string): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_NOT_METRICS',
    `${url} answers, but ${what}. Use the address of a Tsukimi application's JSON metrics, such as 127.0.0.1:8000 or 127.0.0.1:8000/metrics.`,
  );

export const tooLarge = (url: string, maxBytes: number): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_TOO_LARGE',
    `${url} answered with more than ${maxBytes} bytes, and the rest was not read. Look for a metric with too many label sets, or use the address of a Tsukimi application.`,
  );

export const switchedOff = (url: string): CommandError =>
  new CommandError(
    'TSK_ERR_TOP_SWITCHED_OFF',
    `The application at ${url} measures nothing: instrumentation.enabled is false. Set it to true in application.yml, or TSUKIMI_INSTRUMENTATION_ENABLED=true, and restart the application.`,
  );
