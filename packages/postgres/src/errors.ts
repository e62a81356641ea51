/** The error class of this package, and its errors. */
import { ApplicationError, describeReceived } from '@tsukimi/core';

/** An error of `@tsukimi/postgres`: what happened, what was received, and how to fix it. It never repeats a connection string, a password or SQL. */
export class PostgresError extends ApplicationError {
  override readonly name: string = 'PostgresError';
}

export const invalidOption = (key: string, value: unknown, allowed: string): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_OPTION',
    `instrumentPool(): ${key} is ${describeReceived(value, { key, isPlain: true })}. Use ${allowed}.`,
  );

export const invalidName = (value: unknown): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_NAME',
    `instrumentPool(): name is ${describeReceived(value)}, which is not a name for a pool. Use letters, digits, dots, dashes and underscores, at most 63 and a letter first, such as main. The name is a label of every metric, so it must never be a connection string.`,
  );

export const notAPool = (value: unknown): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_POOL',
    `instrumentPool() was given ${describeReceived(value)}, which is not a pool. Pass a pool of pg or pg-pool, such as new pg.Pool().`,
  );

export const nameTaken = (name: string): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_NAME_TAKEN',
    `Another pool in this registry has the name ${name}, and has not ended. Give each pool its own name, because its metrics are told apart by it.`,
  );

export const instrumentedOtherwise = (name: string): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_INSTRUMENTED',
    `The pool is instrumented already, as ${name}, with another name or registry. Instrument each pool once; a second call with the same name and registry changes nothing.`,
  );

export const unreachable = (name: string, reason: string): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_UNREACHABLE',
    `The database of the pool ${name} can't be reached: ${reason}. Check that the server runs, and the host, port, database, user and password in the configuration. Without required: true, the application starts anyway.`,
  );

/** Emitted as a process warning, never thrown. */
export const statementFailed = (name: string, cause: unknown): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_STATEMENT',
    `The option statement of the pool ${name} ${cause === undefined ? 'returned what is neither a text nor undefined' : `threw ${cause instanceof Error ? cause.name : describeReceived(cause)}`}. Return a name, or undefined. Until then, the queries it fails for have the name in their comment or of their prepared statement.`,
  );

/** Emitted as a process warning, never thrown. */
export const foreignClients = (name: string): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_CLIENT',
    `The clients of the pool ${name} are not those of pg's JavaScript driver (pg-native, for example): its connections are measured, its queries and transactions are not. Use pg without pg-native to measure them.`,
  );

export const invalidTable = (value: unknown): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_TABLE',
    `The table of leases is ${describeReceived(value)}, which is not a name. Use small letters, digits and underscores, such as tsukimi_leases, with a schema in front if you want: ops.leases.`,
  );

export const staleToken = (name: string, token: number): PostgresError =>
  new PostgresError(
    'TSK_ERR_POSTGRES_STALE_TOKEN',
    `The token ${token} of the lease ${name} is stale: another instance may run the task now. Roll the transaction back, and let the run end.`,
  );
