/** The tables of routes and of the components' methods. */
import type { ComponentChildren } from 'preact';
import type { Activity, MethodRow, RouteRow } from '../../src/api-types.js';
import type { Change } from '../address/address.js';
import { useParam } from '../context/page-context.js';
import { useLive } from '../data/use-live.js';
import { type Column, DataTable } from '../parts/data-table.js';
import { ago, count, counted, duration, percent, perSecond, shortCount } from '../parts/format.js';
import { matches, SearchBox } from '../parts/search-box.js';
import { Empty, Loading } from '../parts/states.js';
import { MethodDetail, RouteDetail } from './detail.js';

const ACTIVITY: readonly Column<Activity>[] = [
  { name: 'count', title: 'Count', width: '96px', by: (row) => row.count, show: (row) => <Count of={row.count} /> },
  { name: 'rate', title: 'Rate', width: '88px', by: (row) => row.rate, show: (row) => perSecond(row.rate) },
  {
    name: 'errors',
    title: 'Errors',
    width: '88px',
    by: (row) => row.errorRate ?? -1,
    show: (row) => percent(row.errorRate),
    isWrong: (row) => row.errors > 0,
  },
  { name: 'p50', title: 'p50', width: '94px', by: (row) => row.latency.p50 ?? -1, show: (row) => duration(row.latency.p50) },
  { name: 'p95', title: 'p95', width: '94px', by: (row) => row.latency.p95 ?? -1, show: (row) => duration(row.latency.p95) },
  { name: 'p99', title: 'p99', width: '94px', by: (row) => row.latency.p99 ?? -1, show: (row) => duration(row.latency.p99) },
  { name: 'share', title: 'Share of time', width: '136px', by: (row) => row.totalSeconds, show: (row) => <Share of={row.share} /> },
  { name: 'last', title: 'Last called', width: '104px', by: (row) => row.lastCalled ?? -1, show: (row, now) => ago(row.lastCalled, now) },
];

const ROUTE_COLUMNS: readonly Column<RouteRow>[] = [
  { name: 'route', title: 'Route', isText: true, by: ({ path, method }) => `${path} ${method}`, show: (row) => <RouteName row={row} /> },
  ...ACTIVITY,
];

const METHOD_COLUMNS: readonly Column<MethodRow>[] = [
  { name: 'method', title: 'Method', isText: true, by: ({ key }) => key, show: (row) => <MethodName row={row} /> },
  ...ACTIVITY,
];

export function RoutesView() {
  const [method] = useParam('method');
  const [path] = useParam('path');
  return method !== '' && path !== '' ? <RouteDetail method={method} path={path} /> : <RoutesTable />;
}

export function ComponentsView() {
  const [component] = useParam('component');
  const [method] = useParam('method');
  return component !== '' && method !== '' ? <MethodDetail component={component} method={method} /> : <ComponentsTable />;
}

function RoutesTable() {
  const table = useLive('routes');
  const [filter] = useParam('filter');
  if (table === undefined) return <Loading what="the routes" />;
  const rows = table.rows.filter(({ key }) => matches(key, filter));
  return (
    <TableView filterLabel="Filter routes" shown={rows.length} all={table.rows.length} what="route">
      <DataTable
        label="Routes"
        columns={ROUTE_COLUMNS}
        rows={rows}
        keyOf={keyOf}
        now={table.now}
        open={openRoute}
        isQuiet={isIdle}
        sortedBy="share"
        empty={<Nothing all={table.rows.length} none="No request has come yet." />}
      />
    </TableView>
  );
}

function ComponentsTable() {
  const table = useLive('components');
  const [filter] = useParam('filter');
  if (table === undefined) return <Loading what="the components" />;
  const rows = table.rows.filter(({ key, kind }) => matches(`${key} ${kind}`, filter));
  return (
    <TableView filterLabel="Filter methods" shown={rows.length} all={table.rows.length} what="method">
      <DataTable
        label="Methods of components"
        columns={METHOD_COLUMNS}
        rows={rows}
        keyOf={keyOf}
        now={table.now}
        open={openMethod}
        isQuiet={isIdle}
        sortedBy="share"
        empty={<Nothing all={table.rows.length} none="No component has been called yet." />}
      />
    </TableView>
  );
}

function keyOf({ key }: Activity): string {
  return key;
}

function isIdle({ count: calls }: Activity): boolean {
  return calls === 0;
}

function openRoute({ method, path }: RouteRow): Change {
  return { params: { method, path } };
}

function openMethod({ component, method }: MethodRow): Change {
  return { params: { component, method } };
}

interface TableViewProps {
  readonly filterLabel: string;
  readonly shown: number;
  readonly all: number;
  readonly what: string;
  readonly children: ComponentChildren;
}

function TableView({ filterLabel, shown, all, what, children }: TableViewProps) {
  return (
    <div class="table-view">
      <div class="tools">
        <SearchBox label={filterLabel} />
        <p class="quiet" role="status">
          {shown === all ? counted(all, what) : `${count(shown)} of ${counted(all, what)}`}
        </p>
      </div>
      {children}
    </div>
  );
}

function Nothing({ all, none }: { readonly all: number; readonly none: string }) {
  return all === 0 ? <Empty title={none}>It appears here by itself.</Empty> : <Empty title="Nothing fits the filter." />;
}

function RouteName({ row }: { readonly row: RouteRow }) {
  return (
    <span class="name" title={row.key}>
      <span class="verb">{row.method}</span>
      <span class="name-main">{row.path}</span>
    </span>
  );
}

function MethodName({ row }: { readonly row: MethodRow }) {
  return (
    <span class="name" title={row.kind === '' ? row.key : `${row.key} (${row.kind})`}>
      <span class="quiet">{row.component}.</span>
      <span class="name-main">{row.method}</span>
    </span>
  );
}

function Count({ of }: { readonly of: number }) {
  return <span title={count(of)}>{shortCount(of)}</span>;
}

function Share({ of }: { readonly of: number }) {
  return (
    <span class="share">
      <span class="share-bar" aria-hidden="true">
        <span style={{ width: `${(of * 100).toFixed(1)}%` }} />
      </span>
      {percent(of)}
    </span>
  );
}
