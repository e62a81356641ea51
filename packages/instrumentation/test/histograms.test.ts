/** Buckets by configuration and by option: what is applied, what is refused, and the buckets that calls have. */
import { type ConfigurationValue, Controller, Get, Service } from '@tsukimi/core';
import { httpInstrumentation, InstrumentationProvider, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { instrumentedApplication, start, startFailure } from './support/start.js';
import { thrownBy } from './support/thrown-by.js';

@Service()
class Waiting {
  constructor(instrumentation: InstrumentationProvider) {
    instrumentation.histogram({ name: 'queue_wait_seconds', help: 'Wait.', buckets: [1] }).observe(0.3);
    instrumentation.counter({ name: 'queue_total', help: 'Queued.' });
  }
}

@Controller('/moon')
class MoonController {
  constructor(readonly waiting: Waiting) {}

  @Get('/')
  get() {
    return 'full';
  }
}

const App = instrumentedApplication([Waiting, MoonController]);

function boundsIn(text: string, name: string): string[] {
  const bounds = [...text.matchAll(new RegExp(`^${name}_bucket\\{.*le="([^"]+)"\\}`, 'gm'))].map(([, bound]) => bound as string);
  return [...new Set(bounds)];
}

const CALL_BOUNDS = ['0.00001', '0.00005', '0.0001', '0.0005', '0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1', '5', '10', '+Inf'];
const REQUEST_BOUNDS = ['0.001', '0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

describe('metrics.histograms', () => {
  async function scraped(histograms: ConfigurationValue): Promise<string> {
    const { app } = await start(App, { configuration: { metrics: { histograms } } });
    expect((await app.inject('/moon')).body).toBe('full');
    return (await app.inject('/metrics/prometheus')).body;
  }

  test('without it, calls have buckets from 10 µs and requests from 1 ms', async () => {
    const text = await scraped({});
    expect(boundsIn(text, 'component_duration_seconds').map(Number)).toEqual(CALL_BOUNDS.map(Number));
    expect(boundsIn(text, 'http_request_duration_seconds')).toEqual(REQUEST_BOUNDS);
    expect(boundsIn(text, 'queue_wait_seconds')).toEqual(['1', '+Inf']);
  });

  test("chooses the buckets of the catalogue's histograms and of the application's own", async () => {
    const text = await scraped({
      component_duration_seconds: { buckets: [0.002] },
      http_request_duration_seconds: { buckets: [0.25, 2] },
      queue_wait_seconds: { buckets: [0.5, 5], native: false, max_native_buckets: 20 },
      scheduler_task_duration_seconds: { native: false },
    });
    expect(boundsIn(text, 'component_duration_seconds')).toEqual(['0.002', '+Inf']);
    expect(boundsIn(text, 'http_request_duration_seconds')).toEqual(['0.25', '2', '+Inf']);
    expect(boundsIn(text, 'queue_wait_seconds')).toEqual(['0.5', '5', '+Inf']);
  });

  test.each<[ConfigurationValue, string, string]>([
    [{ queue_wait_second: { native: true } }, 'TSK_ERR_INSTRUMENTATION_HISTOGRAM', 'Did you mean queue_wait_seconds?'],
    [{ queue_total: { native: true } }, 'TSK_ERR_INSTRUMENTATION_HISTOGRAM', 'is a counter, not a histogram'],
    [
      { nothing_like_it_at_all: { native: true } },
      'TSK_ERR_INSTRUMENTATION_HISTOGRAM',
      'The histograms are http_request_duration_seconds,',
    ],
    [
      { queue_wait_seconds: { buckets: [2, 1] } },
      'TSK_ERR_METRIC_BUCKETS',
      'queue_wait_seconds: buckets [2, 1] are not in ascending order',
    ],
    [{ queue_wait_seconds: { buckets: [] } }, 'TSK_ERR_METRIC_BUCKETS', 'are empty'],
    [
      { queue_wait_seconds: { max_native_buckets: 7 } },
      'TSK_ERR_CONFIGURATION_VALUE',
      'metrics.histograms.queue_wait_seconds.max_native_buckets',
    ],
    [{ queue_wait_seconds: { buckets: 'many' } }, 'TSK_ERR_CONFIGURATION_VALUE', 'metrics.histograms.queue_wait_seconds.buckets'],
    [{ queue_wait_seconds: null }, 'TSK_ERR_CONFIGURATION_VALUE', 'metrics.histograms.queue_wait_seconds'],
  ])('%j stops the start', async (histograms, code, message) => {
    const error = await startFailure(App, { configuration: { metrics: { histograms } } });
    expect(error).toContain(`${code}: `);
    expect(error).toContain(message);
    expect(error).toContain('metrics.histograms');
  });

  test('more than 50 buckets are a warning with what they cost', async () => {
    const buckets = Array.from({ length: 51 }, (_, index) => index + 1);
    const { logs } = await start(App, { configuration: { metrics: { histograms: { queue_wait_seconds: { buckets } } } } });
    const warnings = logs.filter(({ msg }) => msg.includes('metrics.histograms'));
    expect(warnings.map(({ msg }) => msg)).toEqual([
      'metrics.histograms: queue_wait_seconds has 51 buckets, so each of its label sets is 54 series in Prometheus, 5400 for 100 label sets. Choose fewer than 50, or let Prometheus scrape native histograms.',
    ]);
  });

  test('where measuring is switched off, it is read and nothing more', async () => {
    const configuration = {
      instrumentation: { enabled: false },
      metrics: { histograms: { component_duration_seconds: { buckets: [1] } } },
    };
    await expect(start(App, { configuration })).resolves.toBeDefined();
  });
});

describe('the option of httpInstrumentation', () => {
  async function registered(histograms: object, registry = new MetricsRegistry()) {
    const app = fastify();
    onTestFinished(() => app.close());
    await app.register(httpInstrumentation, { registry, processMetrics: false, histograms: histograms as never });
    app.get('/', async () => 'moon');
    return app;
  }

  test('chooses the buckets of requests', async () => {
    const app = await registered({ http_request_duration_seconds: { buckets: [0.3] } });
    await app.inject('/');
    expect(boundsIn((await app.inject('/metrics/prometheus')).body, 'http_request_duration_seconds')).toEqual(['0.3', '+Inf']);
  });

  test.each<[unknown, string, string]>([
    [{ http_request_duraton_seconds: {} }, 'TSK_ERR_INSTRUMENTATION_HISTOGRAM', 'Did you mean http_request_duration_seconds?'],
    [{ http_request_duration_seconds: { buckets: [1, 1] } }, 'TSK_ERR_METRIC_BUCKETS', 'histograms (httpInstrumentation options)'],
    [{ http_request_duration_seconds: { bucket: [1] } }, 'TSK_ERR_METRIC_OPTION', 'bucket does not exist'],
    [[], 'TSK_ERR_INSTRUMENTATION_OPTION', 'histograms'],
    [{ http_request_duration_seconds: 5 }, 'TSK_ERR_INSTRUMENTATION_OPTION', 'histograms'],
    ['x', 'TSK_ERR_INSTRUMENTATION_OPTION', 'histograms'],
  ])('%j is refused', async (histograms, code, message) => {
    await expect(registered(histograms as object)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('a histogram that exists with other buckets is said to be too late', async () => {
    const registry = new MetricsRegistry();
    await registered({}, registry);
    await expect(registered({ http_request_duration_seconds: { buckets: [1] } }, registry)).rejects.toMatchObject({
      code: 'TSK_ERR_METRIC_SHAPE',
      message: expect.stringContaining('before it is made'),
    });
  });
});

describe('the option of instrument()', () => {
  class Moon {
    phase() {
      return 'full';
    }
  }

  test('chooses the buckets of calls, with the first object', async () => {
    const registry = new MetricsRegistry();
    const histograms = { component_duration_seconds: { buckets: [0.00002] } };
    instrument(new Moon(), { registry, histograms }).phase();
    instrument(new Moon(), { registry, histograms }).phase();
    const text = await registry.expose();
    expect(boundsIn(text, 'component_duration_seconds').map(Number)).toEqual([0.00002, Number.NaN]);
    expect(text).toContain('component_duration_seconds_count{component="Moon",method="phase"} 2\n');
  });

  test('refuses unknown names, and warns of many buckets', () => {
    const registry = new MetricsRegistry();
    expect(thrownBy(() => instrument(new Moon(), { registry, histograms: { component_seconds: {} } }))).toContain(
      'TSK_ERR_INSTRUMENTATION_HISTOGRAM: histograms: component_seconds is not the name of a histogram (instrument() options).',
    );
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const buckets = Array.from({ length: 60 }, (_, index) => index + 1);
    instrument(new Moon(), { registry: new MetricsRegistry(), histograms: { component_duration_seconds: { buckets } } });
    expect(warn.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('component_duration_seconds has 60 buckets')]);
  });
});

test('instrument() checks its settings once, and warns once of many buckets', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const options = {
    registry: new MetricsRegistry(),
    histograms: { component_duration_seconds: { buckets: Array.from({ length: 51 }, (_, index) => index + 1) } },
  };
  class Moon {
    rise(): void {}
  }
  for (let index = 0; index < 3; index += 1) instrument(new Moon(), options);
  expect(warn.mock.calls.map(([warning]) => warning)).toEqual([expect.stringContaining('component_duration_seconds has 51 buckets')]);
});

test.each([null, 7, [], { x: null }])('instrument() refuses %j as histograms', (histograms) => {
  expect(thrownBy(() => instrument({}, { registry: new MetricsRegistry(), histograms: histograms as never }))).toContain(
    'TSK_ERR_INSTRUMENTATION_OPTION: histograms: ',
  );
});
