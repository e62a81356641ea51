/** Every error of `tsukimi top`: its code, and a function that writes its message. */
import { CommandError, UsageError } from '../errors.js';
import { printable } from '../printable.js';

/** @param shown what may be shown of it */
export const invalidAddress = (shown: string): UsageError =>
  new UsageError(
    'TSK_ERR_REMOTE_URL',
    `${shown} is no address of an application. Write host and port, such as 127.0.0.1:8000, or a URL, such as https://shop.example.org/metrics. In user and password, write / as %2F and @ as %40.`,
  );

export const unreachable = (url: string, reason: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_UNREACHABLE',
    `Nothing answers at ${url} (${printable(reason)}). Start the application, or name the host and port that it listens on: server.port, or metrics.port where that is set.`,
    { cause },
  );

export const timedOut = (url: string, timeoutMs: number, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_TIMEOUT',
    `${url} did not answer within ${timeoutMs} ms. See whether the application is busy or a firewall is in between, or wait longer with --timeout.`,
    { cause },
  );

export const notFound = (url: string): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_STATUS',
    `${url} is an unknown path there (404). Either the metrics are elsewhere (metrics.path, metrics.port, or metrics.enabled: false), or the address of this machine is not in metrics.allowed_ips: whoever is not gets what an unknown path gets.`,
  );

export const refused = (url: string, status: number): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_STATUS',
    `${url} answered with status ${status} instead of metrics. See the application's log, and that of a proxy in between.`,
  );

export const notTsukimi = (url: string, what: string): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_NOT_METRICS',
    `${url} answers, but ${what}. Name the address of a Tsukimi application's JSON metrics, such as 127.0.0.1:8000 or 127.0.0.1:8000/metrics.`,
  );

export const tooLarge = (url: string, maxBytes: number): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_TOO_LARGE',
    `${url} answered with more than ${maxBytes} bytes, and the rest was not read. Look there for a metric with too many label sets, or name the address of a Tsukimi application.`,
  );

export const switchedOff = (url: string): CommandError =>
  new CommandError(
    'TSK_ERR_TOP_SWITCHED_OFF',
    `The application at ${url} measures nothing: instrumentation.enabled is false. Set it to true in application.yml, or TSUKIMI_INSTRUMENTATION_ENABLED=true, and restart the application.`,
  );
