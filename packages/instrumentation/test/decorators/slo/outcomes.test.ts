/** Which calls an objective counts as good, and which as bad: to the nanosecond, whatever the method is. */
import { HttpError, NotFoundError, ResponseStatus, TooManyRequestsError } from '@tsukimi/core';
import { instrument, Slo } from '@tsukimi/instrumentation';
import fc from 'fast-check';
import { errorCodes } from 'fastify';
import { describe, expect, test } from 'vitest';
import { type RegistryWithClock, withClock } from '../../support/registry-with-clock.js';
import { describeEvents } from './support.js';

const THRESHOLD_MS = 250;
const objective = { objective: 99.9, latencyMs: THRESHOLD_MS };

/** Takes its time, and fails if it is given something to fail with. */
class Work {
  constructor(readonly pass: (ms: number) => void) {}

  #do(ms: number, failure?: { readonly error: unknown }): string {
    this.pass(ms);
    if (failure !== undefined) throw failure.error;
    return 'moon';
  }

  @Slo(objective)
  sync(...given: Given): unknown {
    return this.#do(...given);
  }

  @Slo(objective)
  async async(...given: Given): Promise<unknown> {
    await null;
    return this.#do(...given);
  }

  @Slo(objective)
  promise(...given: Given): Promise<unknown> {
    return new Promise((resolve) => setImmediate(resolve)).then(() => this.#do(...given));
  }

  @Slo(objective)
  *generator(...given: Given): Generator<unknown> {
    yield 'new';
    yield this.#do(...given);
  }

  @Slo(objective)
  async *stream(...given: Given): AsyncGenerator<unknown> {
    yield 'new';
    yield this.#do(...given);
  }

  @Slo(objective)
  query(...given: Given): PromiseLike<unknown> {
    const run = async (): Promise<unknown> => this.#do(...given);
    // biome-ignore lint/suspicious/noThenProperty: a lazy query, as query builders are.
    return { then: (onFulfilled, onRejected) => run().then(onFulfilled, onRejected) };
  }

  @Slo(objective)
  brokenQuery(...given: Given): PromiseLike<unknown> {
    // biome-ignore lint/suspicious/noThenProperty: as above.
    return { then: (onFulfilled) => Promise.resolve(this.#do(...given)).then(onFulfilled) };
  }

  @Slo(objective)
  readonly arrow = (...given: Given): unknown => this.#do(...given);

  @Slo(objective)
  readonly asyncArrow = async (...given: Given): Promise<unknown> => this.#do(...given);

  @Slo(objective)
  readonly expression = function (this: Work, ...given: Given): unknown {
    return this.#do(...given);
  };
}

type Given = [ms: number, failure?: { readonly error: unknown }];

const METHODS = ['sync', 'async', 'promise', 'generator', 'stream', 'query', 'brokenQuery', 'arrow', 'asyncArrow', 'expression'] as const;

function work(): RegistryWithClock & { readonly subject: Work; events(): Promise<string[]> } {
  const clock = withClock();
  const subject = instrument(new Work(clock.pass), { registry: clock.registry });
  const events = async () => describeEvents(await clock.lines('slo_events_total')).filter((slo) => !slo.endsWith(': 0 good, 0 bad'));
  return { ...clock, subject, events };
}

async function run(subject: Work, method: (typeof METHODS)[number], given: Given): Promise<unknown> {
  try {
    if (method === 'generator') return [...subject.generator(...given)];
    if (method !== 'stream') return await subject[method](...given);
    const items: unknown[] = [];
    for await (const item of subject.stream(...given)) items.push(item);
    return items;
  } catch (error) {
    return { error };
  }
}

/** An error with a `statusCode`, as clients of other servers throw it. */
const withStatus = (statusCode: unknown): Error => Object.assign(new Error('clouds'), { statusCode });

@ResponseStatus(409)
class SoldOut extends Error {}

class Proxied extends Error {
  get statusCode(): number {
    throw new Error('not to be read');
  }
}

const CASES: readonly (readonly [what: string, given: Given, outcome: 'good' | 'bad'])[] = [
  ['at once', [0], 'good'],
  ['one nanosecond before the threshold', [THRESHOLD_MS - 1e-6], 'good'],
  ['at the threshold', [THRESHOLD_MS], 'good'],
  ['one nanosecond behind it', [THRESHOLD_MS + 1e-6], 'bad'],
  ['slow', [60_000], 'bad'],
  ['an error', [1, { error: new Error('clouds') }], 'bad'],
  ['undefined thrown', [1, { error: undefined }], 'bad'],
  ['an object that is no error, with a status', [1, { error: { statusCode: 404 } }], 'bad'],
  ['a 404', [1, { error: new NotFoundError() }], 'good'],
  ['a 404 at the threshold', [THRESHOLD_MS, { error: new NotFoundError() }], 'good'],
  ['a 404 behind the threshold', [THRESHOLD_MS + 1e-6, { error: new NotFoundError() }], 'bad'],
  ['a 429', [1, { error: new TooManyRequestsError() }], 'good'],
  ['a 499', [1, { error: new HttpError(499) }], 'good'],
  ['a 500', [1, { error: new HttpError(500) }], 'bad'],
  ['a 503', [1, { error: new HttpError(503) }], 'bad'],
  ['a 409 of a declared class', [1, { error: new SoldOut() }], 'good'],
  ['an error of Fastify', [1, { error: new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE() }], 'good'],
  ['an error that says what another server answered', [1, { error: withStatus(400) }], 'bad'],
  ['another error with status 399', [1, { error: withStatus(399) }], 'bad'],
  ['another error with status "404"', [1, { error: withStatus('404') }], 'bad'],
  ['an error whose status can’t be read', [1, { error: new Proxied() }], 'bad'],
];

describe.each(METHODS)('%s', (method) => {
  test.each(CASES)('%s', async (_, given, outcome) => {
    const { subject, events } = work();
    const result = await run(subject, method, given);
    const [, failure] = given;
    if (failure !== undefined) expect((result as { readonly error: unknown }).error).toBe(failure.error);
    else expect([result].flat().at(-1)).toBe('moon');
    expect(await events()).toEqual([`Work.${method}: ${outcome === 'good' ? '1 good, 0 bad' : '0 good, 1 bad'}`]);
  });
});

test('an error is judged by itself: those of calls before it leave nothing behind', async () => {
  const { subject, events } = work();
  const notFound: Given = [0, { error: new NotFoundError() }];
  const nothing: Given = [0, { error: undefined }];
  for (const given of [notFound, nothing, notFound, nothing]) {
    for (const method of METHODS) await run(subject, method, given);
  }
  expect(await events()).toEqual(METHODS.map((method) => `Work.${method}: 2 good, 2 bad`).sort(byDeclaration));
});

test('a method that throws its client’s fault, and later rejects with nothing, fails the second time', async () => {
  class Mixed {
    @Slo(objective)
    work(isLater: boolean): Promise<never> {
      if (isLater) return Promise.reject(undefined);
      throw new NotFoundError();
    }
  }
  const { registry, lines } = withClock();
  const mixed = instrument(new Mixed(), { registry });
  expect(() => mixed.work(false)).toThrow(NotFoundError);
  await expect(mixed.work(true)).rejects.toBeUndefined();
  expect(describeEvents(await lines('slo_events_total'))).toEqual(['Mixed.work: 1 good, 1 bad']);
});

/** As the scrape has them: methods of the prototype first, then the object's own. */
function byDeclaration(a: string, b: string): number {
  const place = (line: string) => METHODS.findIndex((method) => line.startsWith(`Work.${method}:`));
  return place(a) - place(b);
}

test('calls inside each other are each judged by their own end', async () => {
  class Nested {
    constructor(readonly pass: (ms: number) => void) {}
    @Slo({ objective: 99, latencyMs: 10 })
    outer(): string {
      try {
        this.inner();
      } catch {
        // the client's fault within, ours to go on
      }
      this.pass(6);
      throw new Error('clouds');
    }
    @Slo({ objective: 99, latencyMs: 10 })
    inner(): void {
      this.pass(6);
      throw new NotFoundError();
    }
  }
  const { registry, pass, lines } = withClock();
  const nested = instrument(new Nested(pass), { registry });
  expect(() => nested.outer()).toThrow('clouds');
  expect(describeEvents(await lines('slo_events_total'))).toEqual(['Nested.outer: 0 good, 1 bad', 'Nested.inner: 1 good, 0 bad']);
});

test('a generator that is broken out of has ended, and one that nobody runs has not', async () => {
  const { subject, pass, events } = work();
  for (const _ of subject.generator(0)) break;
  expect(await events()).toEqual(['Work.generator: 1 good, 0 bad']);
  const open = subject.generator(0);
  open.next();
  pass(THRESHOLD_MS + 1);
  expect(await events()).toEqual(['Work.generator: 1 good, 0 bad']);
  open.return(undefined);
  expect(await events()).toEqual(['Work.generator: 1 good, 1 bad']);
});

test('a lazy query is timed from when it is run', async () => {
  const { subject, pass, events } = work();
  const query = subject.query(1);
  pass(10 * THRESHOLD_MS);
  expect(await query).toBe('moon');
  expect(await events()).toEqual(['Work.query: 1 good, 0 bad']);
});

test('one promise that a method gives to many callers is one call for each', async () => {
  class Cache {
    readonly #shared: Promise<never>;
    constructor(error: unknown) {
      this.#shared = Promise.reject(error);
      this.#shared.catch(() => {});
    }
    @Slo(objective)
    get(): Promise<never> {
      return this.#shared;
    }
  }
  const { registry, lines } = withClock();
  const [missing, broken] = [new NotFoundError(), new Error('clouds')].map((error) => instrument(new Cache(error), { registry }));
  await Promise.allSettled([missing?.get(), missing?.get(), missing?.get(), broken?.get(), broken?.get()]);
  expect(describeEvents(await lines('slo_events_total'))).toEqual(['Cache.get: 3 good, 2 bad']);
});

test('without latencyMs any success is good, and no threshold is exposed', async () => {
  class Patient {
    constructor(readonly pass: (ms: number) => void) {}
    @Slo({ objective: 95 })
    work(ms: number, error?: Error): void {
      this.pass(ms);
      if (error !== undefined) throw error;
    }
  }
  const { registry, pass, lines } = withClock();
  const patient = instrument(new Patient(pass), { registry });
  patient.work(3_600_000);
  expect(() => patient.work(3_600_000, new NotFoundError())).toThrow();
  expect(() => patient.work(0, new Error('clouds'))).toThrow();
  expect(await lines('slo_events_total', 'slo_objective_ratio', 'slo_latency_threshold_seconds')).toEqual([
    'slo_objective_ratio{slo="Patient.work"} 0.95',
    'slo_events_total{slo="Patient.work",outcome="good"} 2',
    'slo_events_total{slo="Patient.work",outcome="bad"} 1',
  ]);
});

test.each([
  [99.9, 250, '0.999', '0.25'],
  [99.5, 0.1, '0.995', '0.0001'],
  [99.99, 2.3, '0.9999', '0.0023'],
  [99.999_9, 1e9, '0.999999', '1000000'],
  [50, 1e-6, '0.5', '1e-9'],
  [1.5, 1, '0.015', '0.001'],
])('%s percent within %s ms are exposed as they would be written: %s, %s', async (percent, latencyMs, ratio, seconds) => {
  class Any {
    @Slo({ objective: percent, latencyMs })
    work() {}
  }
  const { registry, lines } = withClock();
  instrument(new Any(), { registry });
  expect(await lines('slo_objective_ratio', 'slo_latency_threshold_seconds')).toEqual([
    `slo_objective_ratio{slo="Any.work"} ${ratio}`,
    `slo_latency_threshold_seconds{slo="Any.work"} ${seconds}`,
  ]);
});

test('a threshold of any number of nanoseconds divides exactly', async () => {
  const threshold = fc.integer({ min: 1, max: 10 ** 12 });
  await fc.assert(
    fc.asyncProperty(threshold, fc.constantFrom(-1, 0, 1), async (nanoseconds, offset) => {
      const millisecondsOf = (count: number): number => Number(`${count}e-6`);
      const { registry, pass, lines } = withClock();
      class Any {
        @Slo({ objective: 99, latencyMs: millisecondsOf(nanoseconds) })
        work() {
          pass(millisecondsOf(nanoseconds + offset));
        }
      }
      instrument(new Any(), { registry }).work();
      expect(describeEvents(await lines('slo_events_total'))).toEqual([`Any.work: ${offset <= 0 ? '1 good, 0 bad' : '0 good, 1 bad'}`]);
    }),
  );
});
