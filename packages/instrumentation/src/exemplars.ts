/** The exemplars of what belongs to a trace. */
import { contextOf } from '@tsukimi/core';
import { type HistogramSeries, holdSeries, isOverflow, type MetricsRegistry, type RecordOptions } from '@tsukimi/metrics';
import type { FastifyRequest } from 'fastify';
import { Kept, reporting } from './kept-series.js';

/** A trace, and the span in it; undefined if only the caller of the application has one. */
interface Trace {
  readonly traceId: string;
  readonly spanId: string;
}

/** Returns the trace of a request if it is sampled: its span, or without tracing what the request brought. */
export function sampledTraceOf(request: FastifyRequest): Trace | undefined {
  const context = contextOf(request);
  const trace = context?.span ?? context?.traceparent;
  return trace?.isSampled === true ? trace : undefined;
}

/** Keeps the exemplars of what one series records, which is looked up with the first of them. */
export class KeptExemplars {
  #kept: Kept<HistogramSeries> | undefined;

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly find: () => HistogramSeries,
  ) {}

  /** Keeps the exemplar of a value that was just recorded, unless the series takes everything past the limit. */
  keep(seconds: number, exemplar: RecordOptions): void {
    this.#kept ??= reporting(this.registry, () => new Kept(this.registry, (holder) => holdSeries(this.find(), holder)));
    const series = this.#kept?.now;
    if (series !== undefined && !isOverflow(series.labelValues)) series.keepExemplar(seconds, exemplar);
  }
}
