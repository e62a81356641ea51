/** The table printed once, from two readings, as text or as JSON. */
import { setTimeout as delay } from 'node:timers/promises';
import { colorsOf } from '../colors.js';
import type { CommandContext } from '../command-context.js';
import { fetchReading } from './client.js';
import { type Row, type Rows, rowsOf } from './rates.js';
import type { Reading } from './reading.js';
import { painter } from './screen.js';
import { sectionsOf, sortRows } from './sections.js';
import { meaning, whose } from './summary.js';
import { type Line, layTable } from './table.js';
import type { TopRequest } from './top-request.js';

/** Prints the table and ends. */
export async function printTable({ output, environment }: CommandContext, request: TopRequest): Promise<void> {
  const { reading, rows } = await readTwice(request);
  const { titles, body } = layTable(sectionsOf(rows, request.choice), output.size()?.columns ?? Number.POSITIVE_INFINITY);
  const above: readonly Line[] = [
    { text: whose(request.address.url, reading), style: 'plain' },
    { text: `${meaning(rows)}; sorted by ${request.choice.sort}`, style: 'faint' },
  ];
  const paint = painter(colorsOf(output, environment));
  output.write([...above, titles, ...body].map((line) => `${paint({ ...line, text: line.text.trimEnd() })}\n`).join(''));
}

/** Prints one JSON document and ends. Its keys are written as those of `/metrics` are. */
export async function printJson({ output }: CommandContext, request: TopRequest): Promise<void> {
  const { reading, rows } = await readTwice(request);
  const { choice, address } = request;
  const part = (kind: 'routes' | 'methods', other: 'routes' | 'methods') =>
    choice.view === other ? {} : { [kind]: rows[kind] && sortRows(rows[kind], choice.sort).slice(0, choice.limit).map(jsonRow) };
  const document = {
    url: address.url,
    timestamp: new Date(reading.atMs).toISOString(),
    rates_over_seconds: rows.elapsedSeconds,
    uptime_seconds: reading.uptimeSeconds,
    in_flight: reading.inFlight,
    ...part('routes', 'methods'),
    ...part('methods', 'routes'),
  };
  // What the application does not measure is null, so that every key is always there.
  output.write(`${JSON.stringify(document, (_, value: unknown) => value ?? null, 2)}\n`);
}

async function readTwice({ address, timeoutMs, intervalMs }: TopRequest): Promise<{ reading: Reading; rows: Rows }> {
  const first = await fetchReading(address, { timeoutMs });
  await delay(intervalMs);
  const reading = await fetchReading(address, { timeoutMs });
  return { reading, rows: rowsOf(reading, first) };
}

function jsonRow({ name, total, errors, ratePerSecond, errorsPerSecond, p95Ms }: Row) {
  return { name, total, rate_per_second: ratePerSecond, errors, errors_per_second: errorsPerSecond, p95_ms: p95Ms };
}
