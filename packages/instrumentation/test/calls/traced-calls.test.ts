/** Spans of calls: one for each, under the span of its caller, until the call is over. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { instrument, observeCalls, traceCalls } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { RecordingTracer } from '../support/recording-tracer.js';

/** A query builder: nothing happens until its result is requested. */
class Query {
  constructor(private readonly work: () => Promise<unknown>) {}

  // biome-ignore lint/suspicious/noThenProperty: as query builders have.
  then(resolve: (value: unknown) => unknown, reject?: (reason: unknown) => unknown): Promise<unknown> {
    return this.work().then(resolve, reject);
  }
}

class Repository {
  find(): string {
    return 'found';
  }
  async load(): Promise<string> {
    await null;
    return this.find();
  }
  fails(): never {
    throw new Error('broken');
  }
  async rejects(): Promise<never> {
    await null;
    return this.fails();
  }
  query(): Query {
    return new Query(async () => this.load());
  }
  *list(): Generator<string, string> {
    yield this.find();
    yield this.find();
    return 'end';
  }
  async *stream(): AsyncGenerator<string> {
    yield await this.load();
    await null;
    yield this.find();
  }
}

class Service {
  constructor(readonly repository: Repository) {}
  // An own property, whose wrapper must be an async function too.
  readonly held = async (): Promise<string> => this.repository.find();
  async all(): Promise<string[]> {
    const loaded = await this.repository.load();
    return [loaded, this.repository.find()];
  }
  fails(): void {
    this.repository.fails();
  }
  rejects(): Promise<never> {
    return this.repository.rejects();
  }
  query(): Query {
    return this.repository.query();
  }
  async *relay(): AsyncGenerator<string> {
    for (const each of this.repository.list()) yield each;
    this.repository.find();
  }
}

function traced() {
  const registry = new MetricsRegistry();
  const tracer = new RecordingTracer();
  traceCalls(registry, tracer);
  const repository = instrument(new Repository(), { registry });
  const service = instrument(new Service(repository), { registry });
  return { registry, tracer, repository, service };
}

test('a call is a child of the call that made it, across awaits', async () => {
  const { tracer, service } = traced();
  expect(await service.all()).toEqual(['found', 'found']);
  expect(tracer.tree).toEqual([
    'Repository.load > Repository.find',
    'Service.all > Repository.load',
    'Service.all > Repository.find',
    '- > Service.all',
  ]);
  expect(tracer.active).toBeUndefined();
});

test('concurrent calls do not get in the way of each other', async () => {
  const { tracer, service } = traced();
  await Promise.all([service.all(), service.all(), service.held()]);
  expect(tracer.tree.toSorted()).toEqual(
    [
      ...[1, 2].flatMap(() => [
        'Repository.load > Repository.find',
        'Service.all > Repository.load',
        'Service.all > Repository.find',
        '- > Service.all',
      ]),
      'Service.held > Repository.find',
      '- > Service.held',
    ].toSorted(),
  );
});

test('a call that throws or rejects has failed, with its error', async () => {
  const { tracer, service } = traced();
  expect(() => service.fails()).toThrow('broken');
  await expect(service.rejects()).rejects.toThrow('broken');
  expect(tracer.tree).toEqual([
    'Service.fails > Repository.fails failed',
    '- > Service.fails failed',
    'Repository.rejects > Repository.fails failed',
    'Service.rejects > Repository.rejects failed',
    '- > Service.rejects failed',
  ]);
  expect(tracer.ended.map(({ outcome }) => (outcome.error as Error).message)).toEqual(Array(5).fill('broken'));
});

test('a query runs in the span of the call that built it, and its handlers in that of the caller', async () => {
  const { tracer, service } = traced();
  const query = service.query();
  expect(tracer.tree).toEqual([]);
  const active = await new Promise((resolve) => void query.then(() => resolve(tracer.active ?? 'none')));
  expect(active).toBe('none');
  expect(tracer.tree).toEqual([
    'Repository.load > Repository.find',
    'Repository.query > Repository.load',
    'Service.query > Repository.query',
    '- > Service.query',
  ]);
});

test('each step of a generator runs in the span of its call, and the caller stays where it is', async () => {
  const { tracer, repository, service } = traced();
  for (const each of repository.list()) expect([each, tracer.active]).toEqual(['found', undefined]);
  for await (const each of service.relay()) expect([each, tracer.active]).toEqual(['found', undefined]);
  expect(tracer.tree).toEqual([
    'Repository.list > Repository.find',
    'Repository.list > Repository.find',
    '- > Repository.list',
    'Repository.list > Repository.find',
    'Repository.list > Repository.find',
    'Service.relay > Repository.list',
    'Service.relay > Repository.find',
    '- > Service.relay',
  ]);
});

test('calls without a span are recorded as without a tracer', async () => {
  const { tracer, service, registry } = traced();
  tracer.isSampled = false;
  await service.all();
  await service.held();
  expect(tracer.tree).toEqual([]);
  const text = await registry.expose({ names: ['component_calls_total'] });
  expect(text.split('\n').filter((line) => / [1-9]/.test(line) && !line.startsWith('#'))).toEqual([
    'component_calls_total{component="Repository",method="find",status="success"} 3',
    'component_calls_total{component="Repository",method="load",status="success"} 1',
    'component_calls_total{component="Service",method="all",status="success"} 1',
    'component_calls_total{component="Service",method="held",status="success"} 1',
  ]);
});

test('the duration of a call with a sampled span has its exemplar', async () => {
  const { service, registry } = traced();
  await service.all();
  const text = await registry.expose({ names: ['component_duration_seconds'], format: 'openmetrics' });
  expect(text).toMatch(
    /component_duration_seconds_bucket\{component="Service",method="all",le="[^"]+"\} 1 # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="0000000000000001"\}/,
  );
});

describe('A call with a span, or with an observer of errors', () => {
  const wirings: [string, (registry: MetricsRegistry) => void][] = [
    ['a span', (registry) => traceCalls(registry, new RecordingTracer())],
    ['an observer', (registry) => void observeCalls(registry, { error: () => undefined })],
  ];

  test.each(wirings)('%s: it throws the very error, and leaves the storages of the application alone', async (_, wire) => {
    const registry = new MetricsRegistry();
    wire(registry);
    const storage = new AsyncLocalStorage<string>();
    const error = new RangeError('the very one');
    const subject = {
      fails: () => {
        throw error;
      },
      enters: () => storage.enterWith('entered'),
      read: async () => {
        await null;
        return storage.getStore();
      },
    };
    instrument(subject, { registry, component: 'Subject' });
    let caught: unknown;
    try {
      subject.fails();
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(error);
    expect(await storage.run('mine', () => subject.read())).toBe('mine');
    await storage.run('mine', async () => {
      subject.enters();
      expect(await subject.read()).toBe('entered');
    });
  });
});
