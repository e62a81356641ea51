/** Prints the alerts that the Alertmanager and Grafana send: `node dist/alert-receiver.js`, `PORT` and `HOST` from the environment. */
import { createAlertReceiver } from './alerts/alert-server.js';

const { PORT = '8005', HOST = '127.0.0.1' } = process.env;
const server = createAlertReceiver((line) => console.log(line)).listen(Number(PORT), HOST, () =>
  console.log(`Alerts to http://${HOST}:${PORT}/ are printed here.`),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
