/** Every error of `tsukimi profile`. */
import { CommandError, UsageError } from '../errors.js';
import { printable } from '../printable.js';

/** @param shown the form of the address for messages */
export const invalidAddress = (shown: string): UsageError =>
  new UsageError(
    'TSK_ERR_REMOTE_URL',
    `${shown} is not the address of an application. Use host and port, such as 127.0.0.1:8000, or a URL, such as https://shop.example.org/metrics.`,
  );

export const unreachable = (url: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_UNREACHABLE',
    `${url} gave no answer (${printable(cause instanceof Error ? cause.message : String(cause))}). Start the application, or correct the host and port: use metrics.port if it is set, otherwise server.port.`,
    { cause },
  );

export const notFound = (url: string): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_STATUS',
    `${url} does not exist (404). Either the metrics have another path or port or are disabled (metrics.path, metrics.port, metrics.enabled, instrumentation.enabled), or the address of this machine is not in metrics.allowed_ips.`,
  );

export const noProfile = (url: string): CommandError =>
  new CommandError(
    'TSK_ERR_REMOTE_NOT_METRICS',
    `${url} answers, but not with a profile. Use the address of a Tsukimi application, such as 127.0.0.1:8000.`,
  );

export const profileRefused = (url: string, status: number, message: string | undefined): CommandError =>
  new CommandError(
    'TSK_ERR_PROFILE_REFUSED',
    `${url} answered with status ${status}: ${message ?? 'it did not say why. Check the logs of the application and of any proxy in front of it.'}`,
  );

export const fileRefused = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_PROFILE_FILE',
    `The profile can't be saved as ${path} (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'}). Choose another file with --output.`,
    { cause },
  );
