/** The application without a database: it starts, says so, and serves. */
import { Writable } from 'node:stream';
import { createApplication } from 'tsukimi';
import { expect, it } from 'vitest';
import { MonitoringStack } from '../src/application.js';
import { RequestLog } from '../src/request-log/request-log.js';

it('starts and serves without a database: a warning, and requests that are counted as not logged', async () => {
  const log: { level: number; msg: string }[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  await using app = await createApplication(MonitoringStack, {
    configuration: {
      postgres: { host: '/nowhere', password: 'kaguya-hime' },
      opentelemetry: { enabled: false },
      logging: { format: 'json' },
    },
    environment: {},
    logger: { stream },
  });
  const statuses = [];
  for (const path of ['/', '/green', '/red']) statuses.push((await app.inject(path)).statusCode);
  expect(statuses).toEqual([200, 200, 500]);
  expect((await app.inject('/requests')).statusCode).toBe(500);
  await app.resolve(RequestLog).flush();
  const { body } = await app.inject('/metrics/prometheus?name[]=request_log_entries_total');
  expect(body.split('\n').filter((line) => line.startsWith('request'))).toEqual([
    'request_log_entries_total{outcome="written"} 0',
    'request_log_entries_total{outcome="failed"} 4',
    'request_log_entries_total{outcome="dropped"} 0',
  ]);
  const warnings = log.filter(({ level }) => level === 40).map(({ msg }) => msg);
  expect(warnings).toEqual([
    expect.stringContaining('pool main'),
    'Requests are not logged: the database refuses them. They are counted in request_log_entries_total.',
  ]);
  expect(JSON.stringify(log)).not.toContain('kaguya-hime');
});
