/** Exporters in applications: configured, started and flushed with them. */
import { Controller, Get, OnStop, Service } from '@tsukimi/core';
import { exporterExtension, exporterSchema, InstrumentationProvider } from '@tsukimi/instrumentation';
import { DeltaReader, type Exporter, type MetricsDelta } from '@tsukimi/metrics';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { textLines } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, listen, start, startFailure } from '../support/start.js';

/** An other side in memory. */
class Shelf {
  isThere = true;
  readonly batches: MetricsDelta[] = [];
  isClosed = false;

  total(name: string, labels: Readonly<Record<string, string>> = {}): number {
    let total = 0;
    for (const family of this.batches.flatMap(({ families }) => families)) {
      if (family.name !== name || family.type !== 'counter') continue;
      for (const point of family.points) {
        if (Object.entries(labels).every(([label, value]) => point.labels[label] === value)) total += point.value;
      }
    }
    return total;
  }
}

const ShelfSchema = exporterSchema({
  password: Type.String({ default: '' }),
  room: Type.String({ default: 'hall', shown: true }),
});

const shelfExtension = (shelf: Shelf) =>
  exporterExtension({
    namespace: 'shelf',
    schema: ShelfSchema,
    create({ settings, registry, refused }): Exporter<MetricsDelta> {
      if (settings.room === 'attic') throw refused('room', 'a room with a door');
      const reader = new DeltaReader(registry);
      return {
        name: 'shelf',
        target: `the shelf in the ${settings.room}`,
        secrets: [settings.password],
        read: () => reader.read(),
        async send(delta) {
          if (!shelf.isThere) throw new Error(`no shelf for ${settings.password}`);
          shelf.batches.push(delta);
        },
        close() {
          shelf.isClosed = true;
        },
      };
    },
  });

@Service()
class Words {
  constructor(private readonly instrumentation: InstrumentationProvider) {}
  say(): string {
    this.instrumentation.recordMetric('words_total');
    return 'moon';
  }
  @OnStop()
  farewell(): void {
    this.say();
  }
}

@Controller('/words')
class WordsController {
  constructor(private readonly words: Words) {}
  @Get('/')
  async view(): Promise<string> {
    return this.words.say();
  }
}

const applicationWith = (shelf: Shelf) => instrumentedApplication([Words, WordsController], { extensions: [shelfExtension(shelf)] });

test('everything that was recorded arrives, the last request and what stop hooks record among it', async () => {
  const shelf = new Shelf();
  const { app, port } = await listen(applicationWith(shelf), { configuration: { shelf: { interval_ms: 60_000 } } });
  for (let request = 0; request < 3; request += 1) await (await fetch(`http://127.0.0.1:${port}/words`)).text();
  await app.close();
  expect(shelf.total('http_requests_total', { path: '/words', status: '200' })).toBe(3);
  expect(shelf.total('words_total')).toBe(4);
  expect(shelf.total('component_calls_total', { component: 'Words', method: 'farewell' })).toBe(1);
  expect(shelf.isClosed).toBe(true);
});

test('is a health check, which decides nothing unless it is asked to, and asks nothing of the other side', async () => {
  const ready = async (configuration: Record<string, string | number>) => {
    const shelf = new Shelf();
    shelf.isThere = false;
    const { app } = await start(applicationWith(shelf), { configuration: { shelf: { flush_timeout_ms: 100, ...configuration } } });
    await expect.poll(async () => (await textLines(app)).includes('exporter_up{exporter="shelf"} 0'), { timeout: 20_000 }).toBe(true);
    return async () => await app.health.report('ready');
  };
  const down = { 'exporter-shelf': { status: 'down', message: expect.stringContaining('does not reach the shelf') } };
  const shown = await ready({});
  await expect.poll(shown, { timeout: 20_000 }).toMatchObject({ status: 'up', checks: down });
  const deciding = await ready({ health: 'readiness' });
  await expect.poll(deciding, { timeout: 20_000 }).toMatchObject({ status: 'down', checks: down });
  const off = await ready({ health: 'off' });
  expect(await off()).toEqual({ status: 'up', checks: {} });
});

test('an other side that can not be reached is one warning, without credentials', async () => {
  const shelf = new Shelf();
  shelf.isThere = false;
  const { app, warnings } = await start(applicationWith(shelf), {
    configuration: { shelf: { password: 'moonlight', flush_timeout_ms: 100 } },
  });
  await expect
    .poll(() => warnings().filter((warning) => warning.includes('shelf')))
    .toEqual([
      'The exporter shelf does not reach the shelf in the hall: Error: no shelf for ***. What is recorded is kept and sent when a push succeeds; start the other side, or correct its address and credentials.',
    ]);
  await app.close();
  expect(
    warnings()
      .filter((warning) => warning.includes('shelf'))
      .at(-1),
  ).toBe(
    "The exporter shelf stopped before the shelf in the hall confirmed its last values, within 100 ms. They may be missing there. If the other side was only slow, raise the exporter's flush timeout.",
  );
});

test('a required one that can not be reached fails the start', async () => {
  const shelf = new Shelf();
  shelf.isThere = false;
  const failure = await startFailure(applicationWith(shelf), { configuration: { shelf: { required: true, password: 'moonlight' } } });
  expect(failure).toBe(
    'TSK_ERR_EXPORTER_REQUIRED: The first push of the exporter shelf failed, and shelf.required is true. The exporter shelf does not reach the shelf in the hall: Error: no shelf for ***. What is recorded is kept and sent when a push succeeds; start the other side, or correct its address and credentials. To start without it, set shelf.required to false.',
  );
  expect(shelf.isClosed).toBe(true);
});

test.each([
  [
    { interval_ms: 0 },
    'TSK_ERR_CONFIGURATION_VALUE: shelf.interval_ms: 0 is out of range (configuration option). Allowed: an integer from 1 to 1073741823.',
  ],
  [
    { room: 'attic' },
    'TSK_ERR_CONFIGURATION_VALUE: shelf.room: a text of 5 characters is not allowed (configuration option). Allowed: a room with a door.',
  ],
  [
    { pasword: 'moonlight' },
    'TSK_ERR_CONFIGURATION_VALUE: shelf.pasword: a text of 9 characters is not a key of shelf (configuration option). Did you mean shelf.password? Allowed: password, room, enabled, required, interval_ms, timeout_ms, max_retry_delay_ms, flush_timeout_ms, health.',
  ],
  [
    { shelves: 3 },
    'TSK_ERR_CONFIGURATION_VALUE: shelf.shelves: 3 is not a key of shelf (configuration option). Allowed: password, room, enabled, required, interval_ms, timeout_ms, max_retry_delay_ms, flush_timeout_ms, health.',
  ],
])('a wrong option %j fails the start', async (shelf, message) => {
  expect(await startFailure(applicationWith(new Shelf()), { configuration: { shelf } })).toBe(message);
});

test.each([[{ shelf: { enabled: false } }], [{ metrics: { enabled: false } }], [{ instrumentation: { enabled: false } }]])(
  'with %j, nothing is sent',
  async (configuration) => {
    const shelf = new Shelf();
    const { app } = await start(applicationWith(shelf), { configuration });
    await app.close();
    expect(shelf.batches).toEqual([]);
  },
);

test('an application without metrics is told so', async () => {
  const App = bareApplication([], { extensions: [shelfExtension(new Shelf())] });
  expect(await startFailure(App)).toBe(
    'TSK_ERR_EXPORTER_NO_REGISTRY: The exporter shelf finds no metrics in this application. Put @Instrumented() above the application class, inject InstrumentationProvider, or set shelf.enabled to false.',
  );
});
