/** Starts the demo and says where to look. */
import { runApplication } from 'tsukimi';
import { DemoApplication } from './application.js';
import { trafficCommand } from './traffic/options.js';

const application = await runApplication(DemoApplication, { configuration: new URL('../application.yml', import.meta.url) });
const url = application.fastify.listeningOrigin;

console.log(`
The demo is running; Ctrl-C stops it.

  live page  ${url}/metrics/ui           see it move
  start      ${url}/                     links to everything below
  users      ${url}/api/users
  orders     ${url}/api/orders
  revenue    ${url}/api/orders/revenue
  metrics    ${url}/metrics              JSON, for people
  scrape     ${url}/metrics/prometheus   text, for Prometheus

Send it something:

  curl -X POST ${url}/api/users -H 'content-type: application/json' -d '{"username":"tsuki","email":"tsuki@example.com"}'
  curl -X POST ${url}/api/orders -H 'content-type: application/json' -d '{"user_id":1,"product_type":"book","amount":12.5,"region":"eu"}'
  ${trafficCommand(url)}

Every 10 seconds a task looks for orders with an amount of 0 or below. The traffic sends a few, so the task fails from then on: that is part of the demo.
`);
