import {
  Application,
  Component,
  Configuration,
  Controller,
  CurrentConfiguration,
  createApplication,
  Get,
  Inject,
  OnStart,
  OnStop,
  Provider,
  registerExtension,
  Scheduled,
  Service,
} from '@tsukimi/core';
import { beforeEach, expect, test } from 'vitest';
import { describeError, rejection } from '../start.js';

const events: string[] = [];
beforeEach(() => {
  events.length = 0;
});

@Component()
class Smtp {
  constructor() {
    events.push('Smtp built');
  }
}

@Component()
class Clock {
  constructor() {
    events.push('Clock built');
  }
}

@Service()
class Mailer {
  readonly #sent: string[] = [];
  constructor(
    readonly smtp: Smtp,
    readonly clock: Clock,
  ) {
    events.push('Mailer built');
  }
  @OnStart()
  connect(): void {
    events.push('Mailer connects');
  }
  @OnStop()
  disconnect(): void {
    events.push('Mailer disconnects');
  }
  @Scheduled({ fixedRate: 3_600_000 })
  flush(): void {
    events.push('Mailer flushes');
  }
  send(to: string): string {
    this.#sent.push(to);
    return `really to ${to}`;
  }
}

interface Rates {
  of(currency: string): number;
}

@Configuration()
class Outside {
  @Provider({ token: 'rates' })
  async rates(): Promise<Rates> {
    events.push('rates asked for');
    return { of: () => 1 };
  }
}

@Controller('/orders')
class OrderController {
  constructor(
    readonly mailer: Mailer,
    readonly clock: Clock,
    @Inject('rates') readonly rates: Rates,
  ) {}
  @Get('/')
  order(): string {
    return `${this.mailer.send('moon')} at ${this.rates.of('EUR')}`;
  }
}

@Application({ components: [OrderController, Mailer, Smtp, Clock, Outside] })
class Shop {}

const quiet = { configuration: { server: { port: 0 } }, environment: {}, logger: false } as const;
const fakeRates: Rates = { of: () => 7 };
const REST = { smtp: new (class {})(), clock: {}, connect() {}, disconnect() {}, flush() {} };

test('a value stands in: nothing of the replaced component is built, run or scheduled, and nothing is done to the value', async () => {
  const fake = { ...REST, send: (to: string) => `faked to ${to}` };
  const { send } = fake;
  const application = await createApplication(Shop, {
    ...quiet,
    replace: [
      [Mailer, fake],
      ['rates', fakeRates],
    ],
  });
  await application.listen();
  expect((await application.inject('/orders')).body).toBe('faked to moon at 7');
  expect(application.resolve(Mailer)).toBe(fake);
  expect(fake.send).toBe(send);
  expect(application.scheduler.tasks).toEqual([]);
  expect(describeError(await rejection((async () => application.resolve(Smtp))()))).toContain('TSK_ERR_COMPONENT_TOKEN_UNKNOWN: Smtp');
  await application.close();
  expect(events).toEqual(['Clock built']);
});

test('a value that has a then is not awaited: a mock may have one that never answers', async () => {
  // biome-ignore lint/suspicious/noThenProperty: it is what the test is about.
  const fake = { ...REST, send: () => 'mocked', then: () => undefined };
  await using application = await createApplication(Shop, {
    ...quiet,
    replace: [
      [Mailer, fake],
      ['rates', fakeRates],
    ],
  });
  expect((await application.inject('/orders')).body).toBe('mocked at 7');
});

test('a function makes what stands in, once, and may take its time', async () => {
  let calls = 0;
  const make = async () => ({ ...REST, send: (to: string) => `made ${++calls} for ${to}` });
  await using application = await createApplication(Shop, {
    ...quiet,
    replace: [
      [Mailer, make],
      ['rates', () => fakeRates],
    ],
  });
  expect((await application.inject('/orders')).body).toBe('made 1 for moon at 7');
  expect((await application.inject('/orders')).body).toBe('made 2 for moon at 7');
});

test('a class stands in: it is injected, its own hooks and schedules run, those it inherits from the replaced one do not', async () => {
  class FakeMailer extends Mailer {
    constructor(@Inject(Clock) clock: Clock) {
      super(new Smtp(), clock);
    }
    override connect(): void {
      events.push('never');
    }
    @OnStart()
    begin(): void {
      events.push('fake begins');
    }
    @Scheduled({ fixedRate: 3_600_000 })
    tidy(): void {}
    override send(to: string): string {
      return `faked to ${to}`;
    }
  }
  const application = await createApplication(Shop, {
    ...quiet,
    replace: [
      [Mailer, FakeMailer],
      ['rates', fakeRates],
    ],
  });
  expect(application.resolve(Mailer)).toBeInstanceOf(FakeMailer);
  expect((await application.inject('/orders')).body).toBe('faked to moon at 7');
  expect(application.scheduler.tasks.map(({ name }) => name)).toEqual(['Mailer.tidy']);
  await application.close();
  expect(events).toEqual(['Clock built', 'Smtp built', 'Mailer built', 'fake begins']);
});

test('a class that stands in for a controller serves its own routes below the same prefix, and needs nothing that it does not ask for', async () => {
  class Greeting {
    readonly mailer = undefined as unknown as Mailer;
    readonly clock = undefined as unknown as Clock;
    readonly rates = fakeRates;
    @Get('/hello')
    order(): string {
      return 'hello';
    }
  }
  await using application = await createApplication(Shop, { ...quiet, replace: [[OrderController, Greeting]] });
  expect((await application.inject('/orders/hello')).body).toBe('hello');
  expect((await application.inject('/orders')).statusCode).toBe(404);
  expect(events).toEqual([]);
});

test('a class of providers, and what the application itself provides', async () => {
  const outside = { rates: async () => fakeRates };
  const mailer = { ...REST, send: () => 'sent' };
  await using application = await createApplication(Shop, {
    ...quiet,
    replace: [
      [Outside, outside],
      [Mailer, mailer],
      [CurrentConfiguration, { fake: true }],
    ],
  });
  expect(application.resolve('rates')).toBe(fakeRates);
  expect(application.resolve(CurrentConfiguration)).toEqual({ fake: true });
});

test('what an extension provides can be replaced, since it is known by then', async () => {
  @Application({ components: [] })
  class Small {}
  registerExtension(Small, () => ({ name: 'queue', configure: ({ provide }) => provide('queue', 'real') }));
  await using application = await createApplication(Small, { ...quiet, replace: [['queue', 'fake']] });
  expect(application.resolve('queue')).toBe('fake');
});

test('a token that the application does not have is an error with the nearest known', async () => {
  class Mailr {}
  const failure = async (replace: readonly (readonly [string | typeof Mailr, unknown])[]) =>
    describeError(await rejection(createApplication(Shop, { ...quiet, replace: replace as [] })));
  expect(await failure([[Mailr, {}]])).toBe(
    'TSK_ERR_APPLICATION_REPLACE_UNKNOWN: replace has Mailr, which is neither a component of this application nor provided by an extension. Did you mean Mailer? Use a component that is active in this profile, or remove the entry.',
  );
  expect(await failure([['ratess', {}]])).toContain('TSK_ERR_APPLICATION_REPLACE_UNKNOWN: replace has "ratess", which');
  expect(await failure([['rates'] as never])).toBe(
    'TSK_ERR_APPLICATION_REPLACE_MALFORMED: replace has ["\\"rates\\""]. Write pairs of a class, string or symbol and its replacement: replace: [[Mailer, fakeMailer]].',
  );
  expect(events).toEqual([]);
});

test('a replacement that lacks a member, or has one of another type, does not compile', () => {
  const options = { ...quiet };
  const rates = ['rates', 1] as const;
  const wrong = { ...REST, send: () => 5 };
  const never = () => [
    // @ts-expect-error: no send
    createApplication(Shop, { ...options, replace: [[Mailer, {}]] }),
    // @ts-expect-error: send gives another type
    createApplication(Shop, { ...options, replace: [rates, [Mailer, wrong]] }),
    // @ts-expect-error: a function that makes the wrong thing
    createApplication(Shop, { ...options, replace: [[Mailer, () => ({ ...REST })]] }),
    // @ts-expect-error: a class of another kind
    createApplication(Shop, { ...options, replace: [[Mailer, class Other {}]] }),
    // @ts-expect-error: no pair
    createApplication(Shop, { ...options, replace: [Mailer] }),
  ];
  expect(never).toBeTypeOf('function');
});

class FakeClock {}
class WrappingMailer {
  constructor(@Inject(Mailer) readonly inner: Mailer) {}
}
const disguised = /for Mailer, which can only be called with new. Write a function that makes it: \[Mailer, \(\) => new Fake\(\)\]\./;

test.each<[string, readonly unknown[], string, RegExp]>([
  ['a bound class', [[Mailer, FakeClock.bind(null)]], 'TSK_ERR_APPLICATION_REPLACE_NOT_CALLABLE', disguised],
  ['a Proxy of a class', [[Mailer, new Proxy(FakeClock, {})]], 'TSK_ERR_APPLICATION_REPLACE_NOT_CALLABLE', disguised],
  ['a class by itself', [[Mailer, Mailer]], 'TSK_ERR_APPLICATION_REPLACE_ITSELF', /^replace has Mailer as its own replacement\./],
  [
    'a class by one that needs it',
    [[Mailer, WrappingMailer]],
    'TSK_ERR_APPLICATION_REPLACE_ITSELF',
    /^replace has Mailer replaced by WrappingMailer, which needs Mailer itself\. What is replaced is not built: let WrappingMailer extend it/,
  ],
])('%s is an error', async (_, replace, code, message) => {
  const failure = await rejection(createApplication(Shop, { ...quiet, replace: replace as never }));
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
});

test('what a factory throws is passed on, a class that it calls without new included', async () => {
  const call = FakeClock as unknown as () => unknown;
  const replace = [[Mailer, () => call()]] as never;
  expect(describeError(await rejection(createApplication(Shop, { ...quiet, replace })))).toContain('Class constructor FakeClock cannot be');
});

test('a configuration class whose replacement lacks a provider is an error that says what to replace', async () => {
  @Configuration()
  class Rates {
    @Provider({ token: 'eur' })
    eur(): object {
      return { rate: 1 };
    }
  }
  @Application({ components: [Rates] })
  class Bank {}
  for (const replacement of [{}, () => ({}), class {}]) {
    const failure = await rejection(createApplication(Bank, { ...quiet, replace: [[Rates, replacement]] as never }));
    expect(describeError(failure)).toBe(
      'TSK_ERR_COMPONENT_PROVIDER_MISSING: What replaces Rates has no method eur(), by which Rates provides a component. Give it that method, or replace the component itself and not Rates.',
    );
  }
  await using app = await createApplication(Bank, { ...quiet, replace: [[Rates, { eur: () => ({ rate: 2 }) }]] });
  expect(app.resolve('eur')).toEqual({ rate: 2 });
});
