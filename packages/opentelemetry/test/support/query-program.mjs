/** An instrumented program that asks a database once, and ends. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { startTracing } from '@tsukimi/opentelemetry';
import { instrumentPool } from '@tsukimi/postgres';
import pg from 'pg';

const { RECEIVER: endpoint, DATABASE: url, SPANS: database } = process.env;
const registry = new MetricsRegistry();
const tracing = startTracing(registry, { endpoint, spans: { database }, flushTimeoutMs: 20_000 });
const pool = instrumentPool(new pg.Pool({ connectionString: url }), { name: 'main', registry });

class Moons {
  async phase() {
    return (await pool.query('/* name: phaseOf */ SELECT 7 AS phase')).rows[0].phase;
  }
}

const moons = instrument(new Moons(), { registry });
process.stdout.write(`phase ${await moons.phase()}\n`);
await pool.end();
await tracing.stop();
