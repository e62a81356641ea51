/** The overview row: rates, durations and failures. */
import type { PanelQuery, PanelSpec } from '../panels/panel.js';
import { stat } from '../panels/stat.js';
import type { HistogramQueries } from '../queries/histograms.js';
import type { HttpNames } from '../queries/http-names.js';
import { ERROR_RATE, MEAN_SECONDS, P95_SECONDS, P99_SECONDS } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

/** The text if there were no requests, which is not the same as 0. */
const NO_REQUESTS = 'no requests';

type Tile = Omit<PanelSpec, 'width'> & PanelQuery;

function tiles({ count, routes: matchers, failed, duration: metric }: HttpNames, histograms: HistogramQueries): readonly Tile[] {
  const duration = { metric, matchers };
  return [
    {
      title: 'Total requests',
      description:
        'Requests that have ended since the running processes started, including aborted requests. The value falls when a process restarts; without a deployment, read its last log lines. If it stays at 0, check whether Prometheus scrapes the application (up), and whether the selected variables match any route.',
      unit: 'none',
      legend: 'requests',
      expr: count({ matchers }, (selector) => selector),
    },
    {
      title: 'Requests per second',
      description:
        'Requests that end per second, over the last few scrapes. If the value falls suddenly without errors, requests no longer arrive: check the load balancer and DNS. If it rises suddenly, find the route in the row "HTTP by route", then its client.',
      unit: 'reqps',
      legend: 'requests per second',
      expr: count({ matchers }),
    },
    {
      title: 'Average response time',
      description:
        'Mean time from the arrival of a request to the end of its response. If it rises, compare it with p95: if both are higher, everything is slower (CPU, event-loop lag, a database); if only p95 is higher, some requests are slower. Without requests, the panel is empty.',
      unit: 's',
      legend: 'mean',
      thresholds: MEAN_SECONDS,
      expr: histograms.meanOf(duration),
    },
    {
      title: 'Error rate',
      description:
        'Share of requests with a 5xx response. Requests that clients aborted (499) count as requests, not as errors; see "Status codes". If the value is above the threshold, find the route with the most errors in the table of routes, then the component that fails in the row "Components".',
      unit: 'percentunit',
      legend: 'errors',
      thresholds: ERROR_RATE,
      // There is no label to join by, so the 0 has to come from a vector.
      expr: `(${count({ matchers: [...matchers, failed] })} or vector(0)) / (${count({ matchers })} > 0)`,
    },
    {
      title: 'p95',
      description:
        '95 % of the requests took at most this time, estimated from the histogram. If it is high, sort the table of routes by p95, and find in the row "Components" which method of that route takes the time.',
      unit: 's',
      legend: 'p95',
      thresholds: P95_SECONDS,
      expr: histograms.quantileOf(0.95, duration),
    },
    {
      title: 'p99',
      description:
        '99 % of the requests took at most this time, estimated from the histogram. If it is far above p95, a few requests wait for something: garbage collection, a lock, a connection pool, a cold cache. Check the row "System" at the same time.',
      unit: 's',
      legend: 'p99',
      thresholds: P99_SECONDS,
      expr: histograms.quantileOf(0.99, duration),
    },
  ];
}

export function overviewRow(names: HttpNames, histograms: HistogramQueries): DashboardRow {
  return { title: 'Overview', panels: tiles(names, histograms).map(panelOf) };
}

function panelOf({ expr, legend, ...spec }: Tile) {
  return stat({ ...spec, width: 4, noValue: NO_REQUESTS, query: { expr, legend } });
}
