/** A real database in memory, through Knex. */
import knex, { type Knex } from 'knex';
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js';
import libsql from 'libsql';

/** Knex's dialect for better-sqlite3 on libsql, which has its interface and comes compiled. */
class LibsqlClient extends BetterSqlite3Client {
  override _driver(): unknown {
    return libsql;
  }
}

/** An empty database; to be destroyed by its user. */
export function openDatabase(): Knex {
  return knex({
    client: LibsqlClient as unknown as typeof Knex.Client,
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
}
