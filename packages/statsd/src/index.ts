/** Pushes metrics to StatsD and DogStatsD. */

export { StatsdClient, type StatsdClientOptions } from './client.js';
export { StatsdSchema } from './configuration.js';
export { STATSD_DROPPED } from './dropped.js';
export { StatsdError } from './errors.js';
export { type ExportToStatsdOptions, exportToStatsd, type StatsdExporterOptions, statsdExporter } from './exporter.js';
export type { StatsdOptions } from './options.js';
export { statsd } from './statsd.js';
