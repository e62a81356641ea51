/** What is wrong or odd in `instrumentation` and `metrics`: the error or warning names key, value, source and fix. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstrumentationSchema } from '@tsukimi/instrumentation';
import { describe, expect, onTestFinished, test } from 'vitest';
import { App } from '../support/configured-application.js';
import { start, startFailure } from '../support/start.js';

/** A folder with this `application.yml`. */
async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-configuration-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'application.yml');
  await writeFile(file, text);
  return file;
}

/** What a message shows of a text, which may be a secret in the wrong place. */
function described(text: string): string {
  return text === '' ? '""' : `a text of ${text.length} character${text.length === 1 ? '' : 's'}`;
}

describe('a value that is not allowed stops the start and names key, value, source and fix', () => {
  const interval = 'Allowed: an integer from 100 to 2147483647.';

  test.each<[string, unknown, string]>([
    ['instrumentation.enabled', 'yes', 'instrumentation.enabled: "yes" is not true or false (application.yml:1). Allowed: true or false.'],
    ['instrumentation.enabled', 1, 'instrumentation.enabled: 1 is not true or false (application.yml:1). Allowed: true or false.'],
    [
      'instrumentation.track_memory',
      'x',
      'instrumentation.track_memory: a text of 1 character is not true or false (application.yml:1). Allowed: true or false.',
    ],
    [
      'instrumentation.sample_interval_ms',
      '5000',
      `instrumentation.sample_interval_ms: "5000" is not an integer (application.yml:1). ${interval}`,
    ],
    [
      'instrumentation.sample_interval_ms',
      0.5,
      `instrumentation.sample_interval_ms: 0.5 is not an integer (application.yml:1). ${interval}`,
    ],
    ['instrumentation.sample_interval_ms', 99, `instrumentation.sample_interval_ms: 99 is out of range (application.yml:1). ${interval}`],
    [
      'instrumentation.sample_interval_ms',
      2 ** 31,
      `instrumentation.sample_interval_ms: 2147483648 is out of range (application.yml:1). ${interval}`,
    ],
    [
      'instrumentation.exclude',
      'A.b',
      'instrumentation.exclude: a text of 3 characters is not a list (application.yml:1). Allowed: a list, each entry a string.',
    ],
    ['metrics.enabled', null, 'metrics.enabled: null is not true or false (application.yml:1). Allowed: true or false.'],
    [
      'metrics.port',
      'soon',
      'metrics.port: a text of 4 characters is not an integer or null (application.yml:1). Allowed: an integer from 0 to 65535 or null.',
    ],
    [
      'metrics.allowed_ips',
      '10.0.0.1',
      'metrics.allowed_ips: "10.0.0.1" is not a list (application.yml:1). Allowed: a list, each entry a string.',
    ],
    ['metrics.allowed_ips', [[10]], 'metrics.allowed_ips[0]: a list of 1 entry is not a string (application.yml:1). Allowed: a string.'],
    [
      'metrics.default_labels',
      ['a'],
      'metrics.default_labels: a list of 1 entry is not a mapping (application.yml:1). Allowed: a mapping.',
    ],
    ['metrics.default_labels', { zone: null }, 'metrics.default_labels.zone: null is not a string (application.yml:1). Allowed: a string.'],
    [
      'metrics.max_series_per_metric',
      0,
      'metrics.max_series_per_metric: 0 is out of range (application.yml:1). Allowed: an integer from 1 to 1000000.',
    ],
    [
      'metrics.max_series_per_metric',
      'many',
      'metrics.max_series_per_metric: a text of 4 characters is not an integer (application.yml:1). Allowed: an integer from 1 to 1000000.',
    ],
    [
      'metrics.max_scrapes_in_flight',
      0,
      'metrics.max_scrapes_in_flight: 0 is out of range (application.yml:1). Allowed: an integer from 1 to 1000000.',
    ],
    [
      'metrics.scrape_timeout_ms',
      0,
      'metrics.scrape_timeout_ms: 0 is out of range (application.yml:1). Allowed: an integer from 1 to 2147483647.',
    ],
    [
      'metrics.collect_timeout_ms',
      1.5,
      'metrics.collect_timeout_ms: 1.5 is not an integer (application.yml:1). Allowed: an integer from 1 to 2147483647.',
    ],
  ])('%s: %j', async (key, value, message) => {
    const [namespace = '', name = ''] = key.split('.');
    const configuration = await fileWith(JSON.stringify({ [namespace]: { [name]: value } }));
    expect(await startFailure(App, { configuration })).toBe(`TSK_ERR_CONFIGURATION_VALUE: ${message}`);
  });

  test('metrics.allowed_ips: undefined, in code', async () => {
    const configuration = { metrics: { allowed_ips: undefined as unknown as string[] } };
    expect(await startFailure(App, { configuration })).toBe(
      'TSK_ERR_CONFIGURATION_VALUE: metrics.allowed_ips: undefined is not a list (configuration option). Allowed: a list, each entry a string. To use the default, leave the key out.',
    );
  });

  test.each([
    'metrics',
    '/',
    '',
    '/metrics/',
    '//metrics',
    '/me trics',
    '/métriques',
    '/m%65trics',
    '/metrics?a',
    '/a/../b',
    '/.',
    '/:id',
    '/*',
    '/a//b',
  ])('metrics.path: %j', async (path) => {
    expect(await startFailure(App, { configuration: { metrics: { path } } })).toBe(
      `TSK_ERR_ENDPOINT_PATH: metrics.path: ${described(path)} is not a path (configuration option). Begin it with a slash, do not end it with one, and use letters, digits and - . _ ~, such as /metrics.`,
    );
  });

  test.each(['CacheService', 'CacheService.', '.get', 'Cache Service.get', 'CacheService.get()', 'a.b.c', '', '/Cache.*/'])(
    'instrumentation.exclude: %j',
    async (pattern) => {
      const configuration = { instrumentation: { exclude: ['CacheService.*', pattern] } };
      expect(await startFailure(App, { configuration })).toBe(
        `TSK_ERR_INSTRUMENTATION_EXCLUDE: instrumentation.exclude[1]: ${described(pattern)} is not a pattern for methods (configuration option). Write Component.method, with * for any part of a name: CacheService.*, *.ping.`,
      );
    },
  );

  test.each(['data-centre', '1st', '__name__', 'le', 'quantile', 'a.b', 'größe'])('metrics.default_labels: %j', async (label) => {
    expect(await startFailure(App, { configuration: { metrics: { default_labels: { [label]: 'x' } } } })).toBe(
      `TSK_ERR_METRIC_LABEL_NAME: metrics.default_labels: ${described(label)} is not a label name (configuration option). Use letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are reserved by Prometheus.`,
    );
  });

  test('a bad range, as an operator would write it', async () => {
    const configuration = await fileWith('metrics:\n  allowed_ips:\n    - 127.0.0.1\n    - 10.0.0/8\n');
    expect(await startFailure(App, { configuration })).toBe(
      'TSK_ERR_ENDPOINT_ADDRESS: metrics.allowed_ips[1]: "10.0.0/8" is not an address or CIDR range (application.yml:2). Write it as 10.0.0.0/8.',
    );
  });

  test('what comes from the environment names its variable', async () => {
    const environment = { TSUKIMI_METRICS_ALLOWED_IPS: '127.0.0.1, 10.0.0/8' };
    expect(await startFailure(App, { environment })).toBe(
      'TSK_ERR_ENDPOINT_ADDRESS: metrics.allowed_ips[1]: "10.0.0/8" is not an address or CIDR range (environment TSUKIMI_METRICS_ALLOWED_IPS). Write it as 10.0.0.0/8.',
    );
    expect(await startFailure(App, { environment: { TSUKIMI_INSTRUMENTATION_ENABLED: 'no' } })).toBe(
      'TSK_ERR_CONFIGURATION_VALUE: instrumentation.enabled: "no" is not true or false (environment TSUKIMI_INSTRUMENTATION_ENABLED). Allowed: true or false.',
    );
    expect(await startFailure(App, { environment: { TSUKIMI_METRICS_PATH: 'metrics' } })).toContain('(environment TSUKIMI_METRICS_PATH)');
    expect(await startFailure(App, { environment: { TSUKIMI_INSTRUMENTATION_EXCLUDE: 'A' } })).toContain(
      '(environment TSUKIMI_INSTRUMENTATION_EXCLUDE)',
    );
  });
});

describe('a file that can’t be used', () => {
  test('broken YAML', async () => {
    const configuration = await fileWith('metrics:\n  allowed_ips: [127.0.0.1\n  path: /m\n');
    expect(await startFailure(App, { configuration })).toMatch(/^TSK_ERR_CONFIGURATION_SYNTAX: .*application\.yml, line \d+, column \d+: /);
  });

  test('tabs', async () => {
    const configuration = await fileWith('metrics:\n\tpath: /m\n');
    expect(await startFailure(App, { configuration })).toContain('Indent with spaces');
  });

  test('a folder in its place', async () => {
    const configuration = await mkdtemp(join(tmpdir(), 'tsukimi-configuration-'));
    onTestFinished(() => rm(configuration, { recursive: true }));
    expect(await startFailure(App, { configuration })).toBe(
      `TSK_ERR_CONFIGURATION_UNREADABLE: The configuration file ${configuration} cannot be read (EISDIR). It is a folder; replace it with a file.`,
    );
  });
});

describe('what is odd is warned of', () => {
  test.each<[string, object, string]>([
    [
      'a key of metrics',
      { metrics: { allowed_ip: [] } },
      'metrics.allowed_ip (configuration option) is not a known key; did you mean metrics.allowed_ips?',
    ],
    [
      'a key of instrumentation',
      { instrumentation: { enable: true } },
      'instrumentation.enable (configuration option) is not a known key; did you mean instrumentation.enabled?',
    ],
    [
      'a key like no other',
      { metrics: { quux: 1 } },
      'metrics.quux (configuration option) is not a known key; known in metrics: enabled, path, port, allowed_ips, allowed_hosts, default_labels, naming, histograms, show_error_messages, max_series_per_metric, max_recorded_names, collect_timeout_ms, max_scrapes_in_flight, scrape_timeout_ms',
    ],
    ['a namespace', { metric: { path: '/m' } }, 'metric (configuration option) is an unknown namespace; did you mean metrics?'],
    [
      'a pattern that matches nothing',
      { instrumentation: { exclude: ['CacheService.get', 'CachService.*'] } },
      "instrumentation.exclude[1] matches no measured method (configuration option). Write Component.method, as in the metrics' labels.",
    ],
  ])('%s', async (_, configuration, message) => {
    expect((await start(App, { configuration: configuration as Record<string, never> })).warnings()).toEqual([message]);
  });

  test('a variable', async () => {
    const { warnings } = await start(App, { environment: { TSUKIMI_METRICS_ALLOWED_IP: '127.0.0.1' } });
    expect(warnings()).toEqual([
      'the environment variable TSUKIMI_METRICS_ALLOWED_IP matches no known key; did you mean TSUKIMI_METRICS_ALLOWED_IPS?',
    ]);
  });
});

describe('instrumentation.http_client', () => {
  test.each([
    ['instrumentation.http_client.hosts[1]', '[api.example.com, "https://api.example.com"]'],
    ['instrumentation.http_client.hosts[0]', '["user:secret@host"]'],
    ['instrumentation.http_client.propagate_to[0]', '["https://host"]'],
  ])('%s names no host', async (key, hosts) => {
    const name = key.slice('instrumentation.http_client.'.length, key.indexOf('['));
    const configuration = await fileWith(`instrumentation:\n  http_client:\n    ${name}: ${hosts}\n`);
    const error = await startFailure(App, { configuration });
    expect(error).toContain(`TSK_ERR_HTTP_CLIENT_HOST: ${key}: a text of `);
    expect(error).toContain('(application.yml:3)');
    expect(error).not.toContain('secret');
  });

  test.each([
    ['any', 'any'],
    ['a.example,*.b.example', ['a.example', '*.b.example']],
  ])('the variable can be %s', async (text, hosts) => {
    const { app } = await start(App, {
      environment: { TSUKIMI_INSTRUMENTATION_HTTP_CLIENT_HOSTS: text, TSUKIMI_INSTRUMENTATION_HTTP_CLIENT_ENABLED: 'true' },
    });
    const read = app.configuration.namespace('instrumentation', InstrumentationSchema).http_client.hosts;
    expect([read].flat()).toEqual([hosts].flat());
  });
});
