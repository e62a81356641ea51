/** A table of routes or methods, which can be sorted by each column and filtered by name. */
import { useState } from 'preact/hooks';
import type { Activity, MethodRow, RouteRow, Table } from '../../src/api-types.js';
import { ago, count, duration, percent, perSecond } from '../format.js';

type Row = RouteRow | MethodRow;

interface Column {
  readonly title: string;
  readonly by: (row: Activity) => number;
  readonly show: (row: Activity, now: number) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Count', by: (row) => row.count, show: (row) => count(row.count) },
  { title: 'Rate', by: (row) => row.rate, show: (row) => perSecond(row.rate) },
  { title: 'Errors', by: (row) => row.errors, show: (row) => percent(row.errorRate) },
  { title: 'p50', by: (row) => row.latency.p50 ?? -1, show: (row) => duration(row.latency.p50) },
  { title: 'p95', by: (row) => row.latency.p95 ?? -1, show: (row) => duration(row.latency.p95) },
  { title: 'p99', by: (row) => row.latency.p99 ?? -1, show: (row) => duration(row.latency.p99) },
  { title: 'Share of time', by: (row) => row.share, show: (row) => percent(row.share) },
  { title: 'Last called', by: (row) => row.lastCalled ?? -1, show: (row, now) => ago(row.lastCalled, now) },
];

export function ActivityTable({ table, what }: { readonly table: Table<Row>; readonly what: string }) {
  const [filter, setFilter] = useState('');
  const [sorted, setSorted] = useState('Share of time');
  const by = COLUMNS.find(({ title }) => title === sorted)?.by ?? (() => 0);
  const rows = table.rows
    .filter((row) => nameOf(row).toLowerCase().includes(filter.toLowerCase()))
    .sort((one, other) => by(other) - by(one) || nameOf(one).localeCompare(nameOf(other)));
  return (
    <>
      <input
        type="search"
        aria-label={`Filter by ${what}`}
        placeholder={`Filter by ${what}`}
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{what}</th>
              {COLUMNS.map(({ title }) => (
                <th key={title} scope="col" aria-sort={title === sorted ? 'descending' : 'none'}>
                  <button type="button" onClick={() => setSorted(title)}>
                    {title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} class={row.errors > 0 ? 'wrong' : undefined}>
                <th scope="row">{nameOf(row)}</th>
                {COLUMNS.map(({ title, show }) => (
                  <td key={title}>{show(row, table.now)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="note">{table.rows.length === 0 ? 'Nothing has been called yet.' : 'Nothing has this name.'}</p>}
    </>
  );
}

function nameOf(row: Row): string {
  return 'component' in row ? `${row.component}.${row.method}` : `${row.method} ${row.path}`;
}
