/** One route or method: its numbers, its charts over time, its distribution and its last errors. */
import type { ComponentChildren } from 'preact';
import type { Activity, Detail, LastError } from '../../src/api-types.js';
import type { Change } from '../address/address.js';
import { usePage } from '../context/page-context.js';
import { useLive } from '../data/use-live.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/card.js';
import { Chart } from '../parts/chart.js';
import { ago, count, duration, percent, perSecond, shortCount, span as timeSpan } from '../parts/format.js';
import { HeatMap } from '../parts/heat-map.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { Empty, Loading } from '../parts/states.js';
import { chartSpan } from '../parts/time-range.js';
import { ErrorList } from './error-list.js';

export function RouteDetail({ method, path }: { readonly method: string; readonly path: string }) {
  const detail = useLive('route', { method, path });
  return (
    <DetailView
      back={{ title: 'All routes', to: { params: { method: undefined, path: undefined } } }}
      name={
        <>
          <span class="quiet">{method}</span> {path}
        </>
      }
      detail={detail}
      badges={Object.entries(detail?.row?.byStatus ?? {})
        .sort()
        .map(([status, amount]) => (
          <Badge key={status} tone={status.startsWith('5') ? 'wrong' : 'plain'}>
            {status}: {count(amount)}
          </Badge>
        ))}
    />
  );
}

export function MethodDetail({ component, method }: { readonly component: string; readonly method: string }) {
  const detail = useLive('method', { component, method });
  const { kind, byError } = detail?.row ?? {};
  return (
    <DetailView
      back={{ title: 'All methods', to: { params: { component: undefined, method: undefined } } }}
      name={
        <>
          <span class="quiet">{component}.</span>
          {method}
        </>
      }
      detail={detail}
      badges={
        <>
          {kind !== undefined && kind !== '' && <Badge>{kind}</Badge>}
          {Object.entries(byError ?? {}).map(([type, amount]) => (
            <Badge key={type} tone="wrong">
              {type}: {count(amount)}
            </Badge>
          ))}
        </>
      }
    />
  );
}

interface DetailViewProps {
  readonly back: { readonly title: string; readonly to: Change };
  readonly name: ComponentChildren;
  readonly badges: ComponentChildren;
  readonly detail: Detail | undefined;
}

function DetailView({ back, name, badges, detail }: DetailViewProps) {
  return (
    <>
      <Link to={back.to} class="back">
        <Icon name="back" />
        {back.title}
      </Link>
      <div class="detail-head">
        <h2 class="detail-name">{name}</h2>
        <div class="badges">{badges}</div>
      </div>
      {detail === undefined ? <Loading what="the details" /> : <DetailBody detail={detail} />}
    </>
  );
}

function DetailBody({ detail }: { readonly detail: Detail }) {
  const { meta, address } = usePage();
  const { row, points, heat, step, lastErrors, now } = detail;
  if (row === null) return <Empty title="It has not been called since the history began." />;
  const span = chartSpan(address.range, detail);
  const at = points.map((point) => point.at);
  return (
    <>
      <Figures row={row} now={now} />
      <div class="cards">
        <Card title="Rate">
          <Chart
            title="Rate"
            span={span}
            at={at}
            lines={[
              { label: 'All', colour: 'accent', values: points.map(({ rate }) => rate) },
              { label: 'Errors', colour: 'wrong', values: points.map(({ errorRate }) => errorRate) },
            ]}
            show={perSecond}
            isFilled
          />
        </Card>
        <Card title="Latency">
          <Chart
            title="Latency"
            span={span}
            at={at}
            lines={[
              { label: 'p50', colour: 'tone-1', values: points.map(({ p50 }) => p50) },
              { label: 'p95', colour: 'tone-2', values: points.map(({ p95 }) => p95) },
              { label: 'p99', colour: 'tone-3', values: points.map(({ p99 }) => p99) },
            ]}
            show={duration}
          />
        </Card>
        <Card title="Latency distribution" isWide>
          <HeatMap title="Latency distribution" heat={heat} span={span} step={step} show={duration} />
        </Card>
        <Card title="Last errors" isWide>
          <LastErrors errors={lastErrors} now={now} areKept={meta.has.errors} />
        </Card>
      </div>
    </>
  );
}

function LastErrors({ errors, now, areKept }: { readonly errors: readonly LastError[]; readonly now: number; readonly areKept: boolean }) {
  if (!areKept)
    return (
      <p class="quiet">
        The last errors are not kept (<code>instrumentation.console.errors: off</code>).
      </p>
    );
  if (errors.length === 0) return <p class="quiet">None since the application started.</p>;
  return <ErrorList errors={errors} now={now} />;
}

function Figures({ row, now }: { readonly row: Activity; readonly now: number }) {
  const { latency } = row;
  const figures: readonly { readonly title: string; readonly text: string; readonly isWrong?: boolean }[] = [
    { title: 'Count', text: shortCount(row.count) },
    { title: 'Rate', text: perSecond(row.rate) },
    { title: 'Errors', text: percent(row.errorRate), isWrong: row.errors > 0 },
    { title: 'p50', text: duration(latency.p50) },
    { title: 'p95', text: duration(latency.p95) },
    { title: 'p99', text: duration(latency.p99) },
    { title: 'Time spent', text: row.totalSeconds < 120 ? duration(row.totalSeconds) : timeSpan(row.totalSeconds) },
    { title: 'Share of time', text: percent(row.share) },
    { title: 'Last called', text: ago(row.lastCalled, now) },
  ];
  return (
    <dl class="figures">
      {figures.map(({ title, text, isWrong }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd class={isWrong ? 'wrong' : undefined}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
