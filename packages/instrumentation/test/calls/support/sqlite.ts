/** A real database in memory, through Knex. */
import { createRequire } from 'node:module';
import knex, { type Knex } from 'knex';
import libsql from 'libsql';

// Knex ships its dialects without types.
const BetterSqlite3Client: typeof Knex.Client = createRequire(import.meta.url)('knex/lib/dialects/better-sqlite3');

/** Knex's dialect for better-sqlite3 on libsql, which has its interface and comes compiled. */
class LibsqlClient extends BetterSqlite3Client {
  _driver(): unknown {
    return libsql;
  }
}

/** An empty database; to be destroyed by its user. */
export function openDatabase(): Knex {
  return knex({ client: LibsqlClient, connection: { filename: ':memory:' }, useNullAsDefault: true, pool: { min: 1, max: 1 } });
}
