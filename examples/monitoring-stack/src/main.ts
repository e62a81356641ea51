/** Starts the application on the PostgreSQL that application.yml and the environment name, and says where to look. */
import { runApplication } from 'tsukimi';
import { MonitoringStack } from './application.js';

const { fastify } = await runApplication(MonitoringStack, { configuration: new URL('../application.yml', import.meta.url) });
const url = fastify.listeningOrigin;

console.log(`
The application is running; Ctrl-C stops it.

  live page    ${url}/metrics/ui           see it move
  start        ${url}/                     links to everything below
  green        ${url}/green                always succeeds
  red          ${url}/red                  always fails
  simulation   ${url}/simulation           takes a random time, and fails now and then
  requests     ${url}/requests             what was logged in PostgreSQL
  metrics      ${url}/metrics              JSON, for people
  scrape       ${url}/metrics/prometheus   text, for Prometheus
`);
