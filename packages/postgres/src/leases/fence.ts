/** Checks a task's token in a transaction: a holder whose lease has passed on can't commit. */
import { staleToken } from '../errors.js';
import { checkTable, DEFAULT_TABLE, type QueryRunner } from './postgres-leases.js';

/** A token and its lease. */
export interface LeaseToken {
  /** The name of the lease: the application's name and the task's, such as `shop/Reports.send`. */
  readonly lease: string;
  /** The token of the run. */
  readonly token: number;
  /**
   * The table of the leases.
   * @default 'tsukimi_leases'
   */
  readonly table?: string;
}

/**
 * Checks in the current transaction that a run's token is the latest, and keeps other instances from taking the lease until the transaction ends.
 * @param client a client of pg that has begun a transaction, in the database of `postgresLeases`
 * @throws TSK_ERR_POSTGRES_STALE_TOKEN if another instance has taken the lease; TSK_ERR_POSTGRES_TABLE
 *
 * @example
 * await client.query('BEGIN');
 * await requireToken(client, { lease: 'shop/Reports.send', token: run.token });
 * await client.query('INSERT INTO reports ...');
 * await client.query('COMMIT');
 */
export async function requireToken(client: QueryRunner, { lease, token, table = DEFAULT_TABLE }: LeaseToken): Promise<void> {
  checkTable(table);
  const text = `/* name: requireToken */ SELECT 1 FROM ${table} WHERE name = $1 AND token = $2 FOR SHARE`;
  const { rows } = await client.query({ text, values: [lease, token] });
  if (rows.length === 0) throw staleToken(lease, token);
}
