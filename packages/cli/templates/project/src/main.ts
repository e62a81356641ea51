/** Starts the application and says where to look. */
import { runApplication } from 'tsukimi';
import { BookApplication } from './application.js';

const application = await runApplication(BookApplication, { configuration: new URL('../application.yml', import.meta.url) });
const url = application.fastify.listeningOrigin;

console.log(`
Running; Ctrl-C stops it.

  live page  ${url}/metrics/ui           see it move
  books      ${url}/api/books
  metrics    ${url}/metrics              JSON, for people
  scrape     ${url}/metrics/prometheus   text, for Prometheus
`);
