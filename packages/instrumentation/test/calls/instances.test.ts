/** Which objects are measured, and what is not seen of them. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike } from './support/compare.js';

class Service {
  readonly state = { n: 0 };
  arrow = (): string => 'arrow';
  work(): number {
    this.state.n += 1;
    return this.state.n;
  }
}

/** Collects the process warnings of a test. */
function warnings(): string[] {
  const seen: string[] = [];
  const listener = (warning: Error): void => void seen.push(`${warning.name}: ${warning.message}`);
  process.on('warning', listener);
  onTestFinished(() => void process.off('warning', listener));
  return seen;
}

describe('An object that is frozen, sealed or a Proxy', () => {
  test.each([
    ['frozen', (service: Service) => Object.freeze(service)],
    ['sealed', (service: Service) => Object.seal(service)],
    ['not extensible', (service: Service) => Object.preventExtensions(service)],
    [
      'a proxy that lets nobody look',
      (service: Service) => {
        const no = (): never => {
          throw new Error('noticed');
        };
        return new Proxy(service, { defineProperty: no, getOwnPropertyDescriptor: no, ownKeys: no, isExtensible: no, getPrototypeOf: no });
      },
    ],
  ])('is returned as it is, unmeasured, with a warning: %s', async (_what, make) => {
    const seen = warnings();
    const counted = await playedAlike({ make: () => make(new Service()), script: (service) => [service.work(), service.arrow()] });
    expect(counted).toEqual({});
    await vi.waitFor(() =>
      expect(seen).toEqual(['InstrumentationWarning: Subject is frozen, sealed or a Proxy, so its calls are not measured.']),
    );
  });

  test('frozen once it is instrumented is measured like any other', async () => {
    const counted = await playedAlike({
      make: () => new Service(),
      script: (service) => {
        Object.freeze(service);
        expect(() => {
          service.work = () => 0;
        }).toThrow(TypeError);
        return [service.work(), service.arrow(), Object.isFrozen(service)];
      },
    });
    expect(counted).toEqual({ work: calls(1, 0), arrow: calls(1, 0) });
  });

  test('whose prototype is frozen is measured, and refuses what it refused', async () => {
    class Strict {
      work(): string {
        return 'work';
      }
    }
    Object.freeze(Strict.prototype);
    const counted = await playedAlike({
      make: () => new Strict(),
      script: (subject) => {
        expect(() => {
          subject.work = () => 'replaced';
        }).toThrow(TypeError);
        return subject.work();
      },
    });
    expect(counted).toEqual({ work: calls(1, 0) });
  });
});

describe('A method called by the constructor', () => {
  test('is not seen, nor is one that the constructor handed out', async () => {
    class Eager {
      readonly handedOut: (() => string)[] = [];
      constructor() {
        this.setUp();
        this.handedOut.push(this.setUp, () => this.setUp());
      }
      setUp(): string {
        return 'set up';
      }
    }
    const counted = await playedAlike({ make: () => new Eager(), script: (subject) => subject.handedOut.map((call) => call()) });
    expect(counted).toEqual({ setUp: calls(1, 0) });
  });
});

describe('A method added or replaced later', () => {
  test('works, and is not seen', async () => {
    const counted = await playedAlike({
      make: () => new Service() as Service & { added?: () => string },
      script: (service) => {
        service.added = () => 'added';
        service.work = () => 99;
        return [service.added(), service.work(), service.arrow()];
      },
    });
    expect(counted).toEqual({ arrow: calls(1, 0) });
  });

  test('deleted, an inherited one is there again, and is not seen', async () => {
    const counted = await playedAlike({
      make: () => new Service(),
      script: (service) => {
        Reflect.deleteProperty(service, 'work');
        return service.work();
      },
    });
    expect(counted).toEqual({});
  });

  test('on the prototype is seen in instances made after that', async () => {
    class Patched {
      work(): string {
        return 'original';
      }
    }
    const registry = new MetricsRegistry();
    const before = instrument(new Patched(), { registry });
    const spy = vi.spyOn(Patched.prototype, 'work').mockReturnValue('patched');
    const during = instrument(new Patched(), { registry });
    expect([before.work(), during.work()]).toEqual(['original', 'patched']);
    expect(spy).toHaveBeenCalledTimes(1);
    spy.mockRestore();
    const after = instrument(new Patched(), { registry });
    expect(after.work()).toBe('original');
    expect(await callsIn(registry)).toMatchObject({ work: { success: 3, failure: 0 } });
  });

  test('by a spy on the instance, and restored', async () => {
    const counted = await playedAlike({
      make: () => new Service(),
      script: (service, { log }) => {
        const spy = vi.spyOn(service, 'work');
        log(service.work(), spy.mock.calls.length);
        spy.mockImplementation(() => -1);
        log(service.work());
        spy.mockRestore();
        log(service.work(), vi.isMockFunction(service.work));
      },
    });
    expect(counted).toEqual({ work: calls(2, 0) });
  });
});

describe('An object in several places', () => {
  test('is instrumented once in one registry, under its first name', async () => {
    const registry = new MetricsRegistry();
    const service = new Service();
    expect(instrument(service, { component: 'First', registry })).toBe(service);
    expect(instrument(service, { component: 'Second', registry })).toBe(service);
    service.work();
    expect(await callsIn(registry, 'First')).toMatchObject({ work: { success: 1 } });
    expect(await callsIn(registry, 'Second')).toEqual({});
  });

  test('is counted once in each of two registries', async () => {
    const registries = [new MetricsRegistry(), new MetricsRegistry()];
    const service = new Service();
    for (const registry of registries) instrument(service, { registry });
    expect([service.work(), service.arrow()]).toEqual([1, 'arrow']);
    for (const registry of registries)
      expect(await callsIn(registry)).toMatchObject({ work: { success: 1, failure: 0 }, arrow: { success: 1, failure: 0 } });
  });

  test('is called by its class unless told; a plain object, Object', async () => {
    const registry = new MetricsRegistry();
    instrument(new Service(), { registry }).work();
    instrument({ plain: () => 1 }, { registry }).plain();
    instrument(Object.assign(Object.create(null) as { bare(): number }, { bare: () => 1 }), { registry }).bare();
    expect(Object.keys(await callsIn(registry, 'Service'))).toEqual(['work']);
    expect(Object.keys(await callsIn(registry, 'Object'))).toEqual(['plain', 'bare']);
  });

  test.each([[undefined], [null], [5], ['text'], [() => 1]])('has to be an object: %s', (value) => {
    expect(() => instrument(value as unknown as object, { registry: new MetricsRegistry() })).toThrow(
      expect.objectContaining({ code: 'TSK_ERR_INSTRUMENT_TARGET' }),
    );
  });
});
