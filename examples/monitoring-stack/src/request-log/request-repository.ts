/** The table `requests`. The comment in front of each statement is its name in the metrics. */
import { PostgresPool } from '@tsukimi/postgres';
import { Repository } from 'tsukimi';
import type { LoggedRequest, RouteCount } from './logged-request.js';

const CREATE = `/* name: createRequests */
CREATE TABLE IF NOT EXISTS requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  status smallint NOT NULL,
  duration_ms double precision NOT NULL
)`;

@Repository()
export class RequestRepository {
  #created: Promise<unknown> | undefined;

  constructor(private readonly pool: PostgresPool) {}

  async insert({ at, method, route, status, durationMs }: LoggedRequest): Promise<void> {
    await this.#create();
    await this.pool.query(
      '/* name: insertRequest */ INSERT INTO requests (at, method, route, status, duration_ms) VALUES ($1, $2, $3, $4, $5)',
      [at, method, route, status, durationMs],
    );
  }

  async countByRoute(): Promise<RouteCount[]> {
    await this.#create();
    const { rows } = await this.pool.query<RouteCount>(
      '/* name: countByRoute */ SELECT route, status, count(*)::int AS requests, round(avg(duration_ms))::int AS mean_ms FROM requests GROUP BY route, status ORDER BY route, status',
    );
    return rows;
  }

  /** @returns how many rows were deleted */
  async deleteOlderThan(hours: number): Promise<number> {
    await this.#create();
    const { rowCount } = await this.pool.query(
      '/* name: deleteOldRequests */ DELETE FROM requests WHERE at < now() - make_interval(hours => $1)',
      [hours],
    );
    return rowCount ?? 0;
  }

  /** Once, and again after a failure: the database may come later than the application. */
  async #create(): Promise<void> {
    this.#created ??= this.pool.query(CREATE);
    try {
      await this.#created;
    } catch (error) {
      this.#created = undefined;
      throw error;
    }
  }
}
