/** `npm run example:monitoring-stack`: the application on a PostgreSQL of its own, without containers. */
import { startLocalDatabase } from './local/local-database.js';

console.log('Starting PostgreSQL, which takes a few seconds.');
const database = await startLocalDatabase();
const { hostname: host, port, username: user, password, pathname } = database.url;
for (const [key, value] of Object.entries({ host, port, user, password, database: pathname.slice(1) }))
  process.env[`TSUKIMI_POSTGRES_${key.toUpperCase()}`] = value;
// When the application has stopped. However else this process ends, the database notices and ends as well.
process.once('beforeExit', () => void database.end());

await import('./main.js');

console.log(`To look into the database, and to let the PostgreSQL exporter watch it:

  psql ${database.url.href}
  DATA_SOURCE_NAME='${database.url.href}?sslmode=disable' prometheus-postgres-exporter --no-collector.bgwriter
`);
