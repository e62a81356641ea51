/** Requests under the names of OpenTelemetry: one histogram, whose count is the number of requests. */
import type { Distribution, Histogram, MetricsRegistry, RecordOptions } from '@tsukimi/metrics';
import { ABORTED_STATUS, OPENTELEMETRY_CATALOGUE, UNKNOWN_METHOD, UNMATCHED_PATH } from '../catalogue.js';
import { KeptExemplars } from '../exemplars.js';
import { Kept, reporting } from '../kept-series.js';
import { ownDistribution } from '../own-counts.js';

/** What the histogram needs to know of the server. */
export interface ServerDurations {
  readonly registry: MetricsRegistry;
  /** The labels that a function of the user computes; empty if there is none. */
  readonly requestLabels: readonly string[];
  /** Of the server itself, whatever a proxy before it speaks. */
  readonly scheme: 'http' | 'https';
}

/** The histogram of durations, with the labels that the user computes. */
export function serverDurationsOf({ registry, requestLabels }: Omit<ServerDurations, 'scheme'>): Histogram<string> {
  const { httpServerRequestDuration: metric } = OPENTELEMETRY_CATALOGUE;
  return registry.histogram<string>({ ...metric, labelNames: [...metric.labelNames, ...requestLabels] });
}

/** Methods that are not known. @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/#http-request-method */
const OTHER_METHOD = '_OTHER';

/** The `error.type` of a request that was aborted or cut off. */
const ABORTED = 'aborted';

interface RouteLabels {
  readonly method: string;
  readonly path: string;
  readonly own: Readonly<Record<string, string>>;
}

export class OpenTelemetryOutcomes {
  readonly #labels: Readonly<Record<string, string>>;
  readonly #byStatus = new Map<number, Kept<Distribution>>();
  readonly #exemplars = new Map<number, KeptExemplars>();
  /** Streams, which have no response time. */
  readonly #uncounted = new Map<number, number>();

  constructor(
    { method, path, own }: RouteLabels,
    private readonly instruments: ServerDurations,
  ) {
    this.#labels = {
      ...own,
      http_request_method: method === UNKNOWN_METHOD ? OTHER_METHOD : method,
      // An attribute that is absent: there is no route.
      http_route: path === UNMATCHED_PATH ? '' : path,
      url_scheme: instruments.scheme,
    };
  }

  record(status: number, seconds: number): void {
    (this.#byStatus.get(status) ?? this.#open(status))?.now?.record(seconds);
  }

  /** Keeps the exemplar of a request that was just recorded, unless its route has no series of its own. */
  keepExemplar(status: number, seconds: number, exemplar: RecordOptions): void {
    let exemplars = this.#exemplars.get(status);
    if (exemplars === undefined) {
      const labels = { ...this.#labels, ...statusLabels(status) };
      exemplars = new KeptExemplars(this.instruments.registry, () => serverDurationsOf(this.instruments).labels(labels));
      this.#exemplars.set(status, exemplars);
    }
    exemplars.keep(seconds, exemplar);
  }

  count(status: number): void {
    this.#uncounted.set(status, (this.#uncounted.get(status) ?? 0) + 1);
  }

  get statuses(): readonly (readonly [number, number])[] {
    return [...[...this.#byStatus].map(([status, { known }]) => [status, known?.count ?? 0] as const), ...this.#uncounted];
  }

  get distributions(): readonly Distribution[] {
    return [...this.#byStatus.values()].flatMap(({ known }) => known ?? []);
  }

  // What follows happens while the program runs, when the name may belong to another metric.
  #open(status: number): Kept<Distribution> | undefined {
    const { registry } = this.instruments;
    const labels = { ...this.#labels, ...statusLabels(status) };
    const made = reporting(
      registry,
      () => new Kept(registry, (holder) => ownDistribution(serverDurationsOf(this.instruments).labels(labels), holder)),
    );
    if (made !== undefined) this.#byStatus.set(status, made);
    return made;
  }
}

function statusLabels(status: number): Readonly<Record<'http_response_status_code' | 'error_type', string>> {
  if (status === ABORTED_STATUS) return { http_response_status_code: '', error_type: ABORTED };
  return { http_response_status_code: String(status), error_type: status >= 500 ? String(status) : '' };
}
