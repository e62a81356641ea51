/** What the doctor sees in application.yml, its profiles and compose files. */
import { describe, expect, it } from 'vitest';
import { findingsWith, inShort } from './support.js';

const OPEN = 'server:\n  host: 0.0.0.0\n';

describe('configuration', () => {
  it('finds values that are not allowed, in every file, where they stand', async () => {
    const findings = await findingsWith({
      'application.yml': 'server:\n  # Where it listens.\n  port: 8000\nmetrics:\n  allowed_ips: [127.0.0.1]\n',
      'application-development.yml': 'metrics:\n  path: metrics/\n',
      'application-production.yml': 'metrics:\n  enabled: true\n  allowed_ips:\n    - "10.0.0/8"\n',
      'application-test.yml': 'server:\n  host: 127.0.0.1\n  port: high\n',
    });
    expect(inShort(findings)).toEqual([
      'error configuration application-development.yml:2',
      'error configuration application-production.yml:3',
      'error configuration application-test.yml:3',
    ]);
    expect(findings[1]?.what).toContain(
      'metrics.allowed_ips[0]: "10.0.0/8" is not an address or CIDR range (application-production.yml:3). Write it as 10.0.0.0/8.',
    );
    expect(findings[2]?.what).toContain('server.port: a text of 4 characters is not an integer (application-test.yml:3).');
  });

  it('warns about unknown keys, once for all profiles, and not about those of the application', async () => {
    const findings = await findingsWith({
      'application.yml': 'metrics:\n  allowed_ip: [127.0.0.1]\nmail:\n  host: smtp.example.org\n',
      'application-test.yml': 'metrics:\n  enabled: true\n',
    });
    expect(inShort(findings)).toEqual(['warning configuration application.yml:2']);
    expect(findings[0]?.what).toBe('metrics.allowed_ip (application.yml) is not a known key; did you mean metrics.allowed_ips?');
  });

  it('finds invalid YAML, with its line', async () => {
    expect(inShort(await findingsWith({ 'application.yml': 'server:\n\tport: 8000\n' }))).toEqual([
      'error configuration application.yml:2',
    ]);
  });

  it('does not read the environment of the doctor', async () => {
    const before = process.env['TSUKIMI_SERVER_PORT'];
    process.env['TSUKIMI_SERVER_PORT'] = 'high';
    try {
      expect(await findingsWith({})).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['TSUKIMI_SERVER_PORT'];
      else process.env['TSUKIMI_SERVER_PORT'] = before;
    }
  });

  it('does not require a file if there is none', async () => {
    expect(await findingsWith({ 'application.yml': null })).toEqual([]);
  });
});

describe('open-allowlist', () => {
  it('finds an empty list in production, as the files together make it', async () => {
    const findings = await findingsWith({ 'application.yml': 'metrics:\n  port: 9464\n', 'application-production.yml': OPEN });
    expect(inShort(findings)).toEqual(['error open-allowlist application-production.yml:2']);
    expect(findings[0]?.what).toBe(
      'With the profile production, everyone who can connect to 0.0.0.0:9464 can read the metrics: metrics.allowed_ips is empty.',
    );
  });

  it('warns where nothing says what production is', async () => {
    expect(inShort(await findingsWith({ 'application.yml': OPEN }))).toEqual(['warning open-allowlist application.yml:2']);
  });

  it.each([
    ['the loopback', 'server:\n  host: "::1"\n'],
    ['named addresses', `${OPEN}metrics:\n  allowed_ips: [10.0.0.0/8]\n`],
    ['no metrics at all', `${OPEN}metrics:\n  enabled: false\n`],
  ])('is content with %s', async (_, text) => {
    expect(await findingsWith({ 'application.yml': text })).toEqual([]);
  });

  it('leaves the other profiles alone where there is one for production', async () => {
    const closed = 'metrics:\n  allowed_ips: [10.0.0.1]\n';
    expect(
      await findingsWith({ 'application.yml': OPEN, 'application-production.yml': closed, 'application-development.yml': '' }),
    ).toEqual([]);
  });
});

describe('published-metrics', () => {
  const compose = (ports: string, environment = '{ TSUKIMI_SERVER_HOST: 0.0.0.0 }') =>
    `services:\n  shop:\n    build: .\n    environment: ${environment}\n    ports:\n      - ${ports}\n  prometheus:\n    image: prom/prometheus\n    ports: ["9090:9090"]\n`;
  const OWN_PORT = 'metrics:\n  port: 9464\n  allowed_ips: [10.0.0.0/8]\n';

  it.each([
    '9464:9464',
    '"0.0.0.0:9464:9464"',
    '"9464"',
    '9464:9464/tcp',
    '"${METRICS_PORT:-9464}:9464"',
    '{ target: 9464, published: 9464 }',
  ])('warns of the metrics’ own port, written %s', async (ports) => {
    const findings = await findingsWith({ 'application.yml': OWN_PORT, 'docker-compose.yml': compose(ports) });
    expect(findings.map(({ level, code, file }) => [level, code, file])).toEqual([['warning', 'published-metrics', 'docker-compose.yml']]);
  });

  it('finds an empty list behind a published port, with the environment that the service has', async () => {
    const findings = await findingsWith({
      'application.yml': 'metrics:\n  port: 9464\n',
      'compose.yaml': compose('8080:9000', '["TSUKIMI_METRICS_PORT=null", "TSUKIMI_SERVER_PORT=9000", "NODE_ENV=production"]'),
    });
    expect(inShort(findings)).toEqual(['error published-metrics compose.yaml:6']);
    expect(findings[0]?.what).toBe(
      'The service shop publishes its metrics port (8080:9000) on every address of the host, and metrics.allowed_ips is empty.',
    );
  });

  it('reads the profile that the service starts with', async () => {
    const files = { 'application.yml': '', 'application-production.yml': 'metrics:\n  allowed_ips: [10.0.0.1]\n' };
    const withProfile = compose('8000:8000', '{ TSUKIMI_PROFILE: production }');
    expect(await findingsWith({ ...files, 'compose.yml': withProfile })).toEqual([]);
    expect(inShort(await findingsWith({ ...files, 'compose.yml': compose('8000:8000') }))).toEqual([
      'error published-metrics compose.yml:6',
    ]);
  });

  it.each([
    ['the loopback', '"127.0.0.1:9464:9464"'],
    ['the loopback of IPv6', '"[::1]:9464:9464"'],
    ['another port', '8000:8000'],
    ['a host address in the long form', '{ target: 9464, published: 9464, host_ip: 127.0.0.1 }'],
  ])('is content with %s', async (_, ports) => {
    expect(await findingsWith({ 'application.yml': OWN_PORT, 'docker-compose.yml': compose(ports) })).toEqual([]);
  });
});
