/** Functions that an instance holds, and methods that go by several names. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { inspect } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike } from './support/compare.js';

const noop = (): void => undefined;
const format = (text: string): string => `<${text}>`;

describe('A function that is only held', () => {
  class Mailer {
    readonly cb: () => void;
    readonly byName = new Map([['noop', noop]]);
    readonly all = [noop];
    constructor(
      cb = noop,
      readonly render = format,
      readonly parse: typeof JSON.parse = JSON.parse,
    ) {
      this.cb = cb;
    }
    listens(): boolean {
      return this.cb !== noop;
    }
    holdsOne(): boolean {
      return this.all.includes(this.cb) && this.byName.get('noop') === this.cb && this.parse === JSON.parse;
    }
  }

  test('is the one that was handed in, and is not counted', async () => {
    const counted = await playedAlike({
      make: () => new Mailer(),
      script: (mailer, { log }) => {
        log(mailer.cb === noop, mailer.listens(), mailer.holdsOne(), mailer.render('x'), mailer.render === format, inspect(mailer));
      },
    });
    expect(counted).toEqual({ listens: calls(1, 0), holdsOne: calls(1, 0) });
  });

  test('leaves objects equal that hold the same, as they were', async () => {
    await playedAlike({
      make: () => ({ mailers: [new Mailer(), new Mailer(), new Mailer(() => 1)] as const }),
      script: ({ mailers: [one, other, different] }, { log }) => {
        const registry = new MetricsRegistry();
        for (const mailer of [one, other, different]) instrument(mailer, { registry });
        assert.deepStrictEqual(one, other);
        assert.notDeepStrictEqual(one, different);
        expect(one).toStrictEqual(other);
        log(one.cb === other.cb);
      },
    });
  });

  test('of a plain object is its method, one wrapper for all objects that hold it', async () => {
    const shared = (): string => 'shared';
    await playedAlike({
      make: () => [{ send: shared }, { send: shared, name: 1 }] as const,
      script: ([one, other], { log }) => {
        const registry = new MetricsRegistry();
        instrument(one, { registry, component: 'Sender' });
        instrument(other, { registry, component: 'Sender' });
        log(one.send === other.send, one.send());
        assert.deepStrictEqual({ ...one }, { send: other.send });
      },
    });
    const counted = await playedAlike({ make: () => ({ send: shared }), script: ({ send }) => send() });
    expect(counted).toEqual({ send: calls(1, 0) });
  });

  test('is measured where include names it', async () => {
    const registry = new MetricsRegistry();
    const mailer = instrument(new Mailer(), { registry, include: ['render', 'listens'] });
    expect([mailer.render('x'), mailer.listens(), mailer.holdsOne()]).toEqual(['<x>', false, true]);
    expect(Object.keys(await callsIn(registry)).sort()).toEqual(['listens', 'render']);
  });
});

const STATE: unique symbol = Symbol('state');

describe('A method under several names', () => {
  class Lexer {
    state = this.text;
    declare stop: unknown;
    readonly _first = this.text;
    readonly [STATE] = this.later;
    text(): string {
      this.state = this.code;
      return 'text';
    }
    code(): string {
      this.state = this.text;
      return 'code';
    }
    async later(): Promise<string> {
      return 'later';
    }
    inText(): boolean {
      return this.state === this.text;
    }
    alias = this.later;
  }
  Object.assign(Lexer.prototype, { stop: Lexer.prototype.code, [Symbol.iterator]: Lexer.prototype.text });

  test('stays one function: own fields, what was assigned later, the prototype, symbols and private names', async () => {
    const counted = await playedAlike({
      make: () => new Lexer(),
      script: async (lexer, { log }) => {
        const identities = (): void =>
          log(
            lexer.inText(),
            lexer.state === lexer.code,
            lexer._first === lexer.text,
            lexer[STATE] === lexer.later,
            lexer.alias === lexer.later,
            lexer.stop === lexer.code,
            Reflect.get(lexer, Symbol.iterator) === lexer.text,
          );
        identities();
        log(lexer.state(), lexer.state());
        identities();
        log(inspect(lexer), await lexer.alias());
        assert.deepStrictEqual(instrument(new Lexer(), { registry: new MetricsRegistry() }).state.name, 'text');
      },
    });
    expect(counted).toEqual({ text: calls(1, 0), code: calls(1, 0), inText: calls(2, 0), later: calls(1, 0) });
  });

  test('is left alone where the name that it has is excluded', async () => {
    const registry = new MetricsRegistry();
    const lexer = instrument(new Lexer(), { registry, exclude: ['text', 'state'] });
    expect([lexer.state === lexer.text, lexer.text === Lexer.prototype.text]).toEqual([true, true]);
  });
});

describe('A property that cannot be replaced', () => {
  class Store {
    count = 0;
    constructor() {
      Object.defineProperty(this, 'fixed', { value: () => 'fixed' });
      Object.defineProperty(this, 'increment', { value: this.increment.bind(this) });
      Object.defineProperty(this, 'locked', { value: this.locked.bind(this), writable: true });
    }
    increment(): number {
      this.count += 1;
      return this.count;
    }
    locked(): string {
      return 'locked';
    }
    decrement(): number {
      return this.count;
    }
  }

  test('is warned of once, by name, and has no series', async () => {
    const seen: string[] = [];
    const listener = ({ message }: Error): void => void seen.push(message);
    process.on('warning', listener);
    onTestFinished(() => void process.off('warning', listener));
    const registry = new MetricsRegistry();
    const stores = [1, 2].map(() => instrument(new Store(), { registry }));
    for (const store of stores) {
      store.increment();
      store.decrement();
      store.locked();
    }
    const methods = [...(await registry.expose({ names: ['component_calls_total'] })).matchAll(/method="(\w+)"/g)].map(
      ([, method]) => method,
    );
    expect(new Set(methods)).toEqual(new Set(['decrement', 'locked']));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toMatch(
      /^Store: fixed, increment can't be measured, as they are own properties that are neither writable nor configurable\./,
    );
  });

  test('a value that hides an inherited method leaves no series either', async () => {
    class Shadowed {
      readonly name: unknown = 'a value';
      work(): void {}
    }
    Object.assign(Shadowed.prototype, { name() {} });
    const registry = new MetricsRegistry();
    instrument(new Shadowed(), { registry });
    expect(await registry.expose({ names: ['component_calls_total'] })).not.toContain('method="name"');
  });
});

type Kind = 'arrow' | 'work' | 'later' | 'pages' | 'rows';

describe('A function of another realm', () => {
  test('is measured: plain, async, generators, own and inherited', async () => {
    const context = createContext({});
    const script = `
      class Remote { arrow = () => 'arrow'; work() { return 'work'; } async later() { return 'later'; } *pages() { yield 1; } async *rows() { yield 2; } }
      ({ remote: () => new Remote(), plain: { old: function () { return 'old'; }, arrow: async () => 'async' } })`;
    const realm = runInContext(script, context);
    const remote = await playedAlike<Record<string, () => unknown>>({
      make: () => realm.remote(),
      script: async (subject, { log }) => {
        const { arrow, work, later, pages, rows } = subject as Record<Kind, () => unknown>;
        log(arrow(), work(), await later(), [...(pages() as Iterable<number>)]);
        for await (const row of rows() as AsyncIterable<number>) log(row);
      },
    });
    expect(Object.keys(remote).sort()).toEqual(['arrow', 'later', 'pages', 'rows', 'work']);
    const plain = await playedAlike<Record<string, () => unknown>>({
      make: () => ({ ...realm.plain }),
      script: async (subject) => [subject['old']?.(), await subject['arrow']?.()],
    });
    expect(plain).toEqual({ old: calls(1, 0), arrow: calls(1, 0) });
  });
});

test("a method can be replaced by a test runner's mock, as it could", async () => {
  class Service {
    work(): string {
      return 'work';
    }
  }
  await playedAlike({
    make: () => new Service(),
    script: (service, { log }) => {
      const mocked = mock.method(service, 'work', () => 'mocked');
      log(service.work(), mocked.mock.callCount());
      mocked.mock.restore();
      log(service.work());
      log(vi.spyOn(service, 'work').mockReturnValue('spied') && service.work());
      vi.restoreAllMocks();
      log(service.work());
    },
  });
});
