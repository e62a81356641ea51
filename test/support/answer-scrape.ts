/** Answers the scrapes of a real Prometheus in tests of the exposition, without a framework in between. */
import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import {
  type ExpositionFormat,
  type MetricsRegistry,
  OPENMETRICS_CONTENT_TYPE,
  PROMETHEUS_CONTENT_TYPE,
  PROTOBUF_CONTENT_TYPE,
} from '@tsukimi/metrics';

const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: PROMETHEUS_CONTENT_TYPE,
  openmetrics: OPENMETRICS_CONTENT_TYPE,
  protobuf: PROTOBUF_CONTENT_TYPE,
};

/**
 * Sends the registry's metrics. A scraper that breaks off is no failure: Prometheus gives a scrape up at its time limit, and when it is stopped.
 * Any other failure of the exposition is thrown, which fails the run.
 */
export function answerScrape(response: ServerResponse, registry: MetricsRegistry, format: ExpositionFormat): void {
  response.setHeader('content-type', CONTENT_TYPES[format]);
  pipeline(Readable.from(registry.exposeStream({ format })), response, (error) => {
    if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
