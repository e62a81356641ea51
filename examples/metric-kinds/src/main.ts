/** Starts the example and says where to look. */
import { runApplication } from 'tsukimi';
import { MetricKinds } from './application.js';

const { fastify } = await runApplication(MetricKinds, { configuration: new URL('../application.yml', import.meta.url) });

console.log(`
One route for each kind of metric; Ctrl-C stops it.

  counters    ${fastify.listeningOrigin}/  and  /about
  gauge       ${fastify.listeningOrigin}/add/5  and  /remove/2
  durations   ${fastify.listeningOrigin}/upstream/80
  buckets     ${fastify.listeningOrigin}/upload/3000
  info        ${fastify.listeningOrigin}/build
  state       ${fastify.listeningOrigin}/state/paused
  scrape      ${fastify.metricsOrigin}/metrics/prometheus
`);
