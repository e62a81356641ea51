/** The health checks of an application on its live page. */
import { Application, createApplication, HealthCheck, Instrumented, Service } from 'tsukimi';
import { expect, onTestFinished, test } from 'vitest';
import type { Overview } from '../src/api-types.js';

@Service()
class TideService {
  @HealthCheck({ name: 'tide' })
  tide(): void {}

  @HealthCheck({ name: 'moon', kind: 'info' })
  moon(): never {
    throw new Error('<b>no moon</b>, password=hunter2');
  }
}

@Instrumented()
@Application({ components: [TideService] })
class TideApplication {}

test('they are in the overview, with why one is down, and without secrets', async () => {
  const app = await createApplication(TideApplication, {
    configuration: { server: { port: 0 }, logging: { level: 'silent' } } as unknown as Record<string, never>,
    environment: {},
    logger: false,
  });
  onTestFinished(() => app.close());
  const url = await app.listen();
  for (;;) {
    const { health } = (await (await fetch(`${url}/metrics/ui/api/overview`)).json()) as Overview;
    if (health.length < 2 || health.some(({ status }) => status === null)) continue;
    const [moon, tide] = health.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    expect(tide).toEqual({
      name: 'tide',
      kind: 'readiness',
      status: 'up',
      duration: expect.any(Number),
      message: null,
      since: expect.any(Number),
    });
    expect(moon).toMatchObject({ name: 'moon', kind: 'info', status: 'down', message: expect.stringContaining('<b>no moon</b>') });
    expect(JSON.stringify(health)).not.toContain('hunter2');
    return;
  }
});
