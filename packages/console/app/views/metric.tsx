/** One metric: a chart that fits its type, its series, and what to ask Prometheus. */

import type { LabelSet, MetricDetail, MetricHead, MetricSeries } from '../../src/api-types.js';
import { usePage } from '../context/page-context.js';
import { useLive } from '../data/use-live.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/card.js';
import { Chart, type Line, type LineColour } from '../parts/chart.js';
import { CopyButton } from '../parts/copy-button.js';
import { bytes, count, duration, number, percent } from '../parts/format.js';
import { HeatMap } from '../parts/heat-map.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { Empty, Loading } from '../parts/states.js';
import { chartSpan } from '../parts/time-range.js';

type Show = (value: number | null) => string;

/** Lines of one chart that can still be told apart. */
const MOST_LINES = 8;
const BYTES_GRID = Array.from({ length: 48 }, (_, power) => 2 ** power);

export function MetricView({ name }: { readonly name: string }) {
  const detail = useLive('metric', { name });
  if (detail === undefined) return <Loading what="the metric" />;
  const { head } = detail;
  if (head === null) return <Empty title="The registry has no metric of this name." />;
  return (
    <>
      <div class="detail-head">
        <h2 class="detail-name metrics-title">{head.key}</h2>
        <div class="badges">
          <Badge>{head.type}</Badge>
          {head.unit !== null && <Badge>{head.unit}</Badge>}
        </div>
      </div>
      <p class="metrics-help quiet">{head.help === '' ? 'It has no help text.' : head.help}</p>
      <div class="cards metrics-cards">
        <MetricCharts head={head} detail={detail} />
        <Card
          title="Series"
          isWide
          aside={detail.seriesLeftOut > 0 ? `${count(detail.seriesLeftOut)} more, with lower values` : `${count(head.series)} series`}
        >
          <SeriesTable head={head} series={detail.series} />
        </Card>
        {head.promql.length > 0 && (
          <Card title="PromQL" isWide>
            <ul class="queries">
              {head.promql.map(({ title, query }) => (
                <li key={title}>
                  <span class="quiet">{title}</span>
                  <code>{query}</code>
                  <CopyButton text={query} label={`Copy the query: ${title}`} />
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </>
  );
}

function MetricCharts({ head, detail }: { readonly head: MetricHead; readonly detail: MetricDetail }) {
  const { address } = usePage();
  const { points, series, heat, step } = detail;
  const span = chartSpan(address.range, detail);
  const show = showOf(head);
  if (head.chart === 'labels' || head.chart === 'states') return null;
  const isFlow = head.chart !== 'value';
  const lines = series.slice(0, MOST_LINES).map(
    ({ labels }, index): Line => ({
      label: labelText(labels) || head.key,
      colour: colourOf(index),
      values: points.map(({ values }) => values[index] ?? null),
    }),
  );
  const title = isFlow ? 'Per second' : 'Value';
  const left = series.length - lines.length;
  return (
    <>
      <Card title={title} isWide aside={left > 0 ? `the ${MOST_LINES} highest of ${count(head.series)} series` : undefined}>
        <Chart
          title={title}
          span={span}
          at={points.map(({ at }) => at)}
          lines={lines}
          show={head.chart === 'latency' ? perSecondOf(number) : isFlow ? perSecondOf(show) : show}
          isFilled={lines.length === 1}
          {...(show === bytes && { grid: BYTES_GRID })}
        />
      </Card>
      {heat !== null && (
        <Card title="Distribution" isWide>
          <HeatMap title="Distribution" heat={heat} span={span} step={step} show={show} />
        </Card>
      )}
    </>
  );
}

function SeriesTable({ head, series }: { readonly head: MetricHead; readonly series: readonly MetricSeries[] }) {
  const show = showOf(head);
  const { chart } = head;
  const hasColours = chart !== 'labels' && chart !== 'states';
  const total = chart === 'latency' || chart === 'rate';
  return (
    <ScrollRegion class="scroll" label={`Series of ${head.key}`}>
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col" class="text">
              Labels
            </th>
            {chart !== 'labels' && <th scope="col">{chart === 'states' ? 'State' : total ? 'Since the start' : 'Value'}</th>}
            {chart === 'latency' &&
              ['p50', 'p95', 'p99'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          {series.map(({ key, labels, value, state, latency }, index) => (
            <tr key={key}>
              <th scope="row" class="text">
                {hasColours && <span class={index < MOST_LINES ? `swatch swatch-${colourOf(index)}` : 'swatch'} aria-hidden="true" />}
                <LabelPairs labels={labels} />
              </th>
              {chart !== 'labels' && (
                <td>{chart === 'states' ? <Badge>{state ?? '–'}</Badge> : chart === 'latency' ? count(value) : show(value)}</td>
              )}
              {chart === 'latency' &&
                [latency?.p50, latency?.p95, latency?.p99].map((each, position) => <td key={String(position)}>{show(each ?? null)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function LabelPairs({ labels }: { readonly labels: LabelSet }) {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return <span class="quiet">no labels</span>;
  return (
    <span class="pairs">
      {pairs.map(([name, value]) => (
        <span key={name} class="pair">
          <span class="quiet">{name}</span> {value}
        </span>
      ))}
    </span>
  );
}

function labelText(labels: LabelSet): string {
  const values = Object.values(labels);
  return values.join(', ');
}

function colourOf(index: number): LineColour {
  return `series-${((index % MOST_LINES) + 1) as 1}`;
}

/** By the unit, or what the name ends with by convention. */
function showOf({ key, unit }: MetricHead): Show {
  const name = unit ?? '';
  const hasUnit = (each: string): boolean => name === each || new RegExp(`_${each}(_total|_sum)?$`).test(key);
  if (/timestamp/.test(key)) return number;
  if (hasUnit('seconds')) return duration;
  if (hasUnit('bytes')) return bytes;
  if (hasUnit('ratio')) return percent;
  return hasUnit('percent') ? (value) => (value === null ? number(value) : `${number(value)}\u202f%`) : number;
}

const PER_SECOND = new Map<Show, Show>();

/** The same function each time, because charts compare it. */
function perSecondOf(show: Show): Show {
  const known = PER_SECOND.get(show) ?? ((value) => (value === null ? show(value) : `${show(value)}/s`));
  PER_SECOND.set(show, known);
  return known;
}
