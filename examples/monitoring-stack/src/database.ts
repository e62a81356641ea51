/** The pool of connections to PostgreSQL, from the namespace `postgres` of the configuration. */
import { type PoolLogger, PostgresPool, postgresPool } from '@tsukimi/postgres';
import { Configuration, CurrentConfiguration, CurrentLogger, Inject, MetricsRegistry, Provider } from 'tsukimi';

@Configuration()
export class Database {
  @Provider()
  pool(
    @Inject(CurrentConfiguration) configuration: Configuration,
    @Inject(CurrentLogger) logger: PoolLogger,
    registry: MetricsRegistry,
  ): PostgresPool {
    return postgresPool({ configuration, logger, registry });
  }
}
