/** Which methods of an object `include` and `exclude` choose. */
import { setImmediate } from 'node:timers/promises';
import { InstrumentationError, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { callsIn } from '../calls/support/calls-in.js';

class Orders {
  find(): string {
    return 'found';
  }
  findAll(): string[] {
    return [];
  }
  save(): void {}
  readonly size = 1;
}

async function warningsOf(act: () => void): Promise<string[]> {
  const warnings: string[] = [];
  const listener = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`);
  process.on('warning', listener);
  act();
  await setImmediate();
  process.off('warning', listener);
  return warnings;
}

describe('include and exclude', () => {
  const measured = async (options: object): Promise<string[]> => {
    const registry = new MetricsRegistry();
    const orders = instrument(new Orders(), { registry, ...options });
    orders.find();
    orders.findAll();
    orders.save();
    return Object.keys(await callsIn(registry)).sort();
  };

  test.each([
    [{}, ['find', 'findAll', 'save']],
    [{ include: ['find'] }, ['find']],
    [{ include: ['find*'] }, ['find', 'findAll']],
    [{ include: [/^f/g, 'save'] }, ['find', 'findAll', 'save']],
    [{ include: [] }, []],
    [{ exclude: ['*All', /^s/y] }, ['find']],
    [{ include: ['find*'], exclude: ['findAll'] }, ['find']],
  ])('%j', async (options, methods) => {
    expect(await measured(options)).toEqual(methods);
  });

  const code = (options: object): string => {
    try {
      instrument(new Orders(), { registry: new MetricsRegistry(), ...options });
      return 'none';
    } catch (error) {
      return error instanceof InstrumentationError ? `${error.code}: ${error.message}` : String(error);
    }
  };

  test.each([
    [
      { include: ['fnd'] },
      'TSK_ERR_INSTRUMENT_METHOD: include[0]: "fnd" is not a method of the object passed to instrument(). Did you mean "find"?',
    ],
    [{ exclude: ['find', 'sav*e'] }, 'none'],
    [{ exclude: ['find', 'size'] }, /^TSK_ERR_INSTRUMENT_METHOD: exclude\[1\]: "size" is not a method/],
    [{ exclude: [/nothing/] }, /^TSK_ERR_INSTRUMENT_METHOD: exclude\[0\]: "\/nothing\/" is not a method/],
    [{ include: 'find' }, /^TSK_ERR_INSTRUMENTATION_OPTION: include: a text of 4 characters is not a list of methods/],
    [{ include: [7] }, /^TSK_ERR_INSTRUMENTATION_OPTION: include\[0\]: 7 is not a name/],
  ])('what no method has is refused: %j', (options, message) => {
    expect(code(options)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  describe('a selection that leaves nothing is warned of, once, with the name', () => {
    const NONE =
      'Orders: include and exclude leave none of its 3 methods, so that nothing of it is measured. Name the methods to measure in include, or leave out both options.';

    test.each<[object, object, string]>([
      [{ include: [] }, new Orders(), NONE],
      [{ exclude: ['*'] }, new Orders(), NONE],
      [{ include: ['find*'], exclude: [/^find/] }, new Orders(), NONE],
      [{ include: [], component: 'Shop' }, new Orders(), NONE.replace('Orders', 'Shop')],
      [
        { component: 'Settings' },
        { size: 1 },
        'Settings has no methods: instrument() measures nothing of it. Pass the object whose methods are called.',
      ],
      [
        { include: [], component: 'Settings' },
        Object.create(null),
        'Settings has no methods: instrument() measures nothing of it. Pass the object whose methods are called.',
      ],
    ])('%j', async (options, target, warning) => {
      const registry = new MetricsRegistry();
      const warnings = await warningsOf(() => {
        instrument(target, { registry, ...options });
        instrument(target, { registry, ...options });
        instrument(Object.assign(Object.create(Object.getPrototypeOf(target)), target), { registry, ...options });
      });
      expect(warnings).toEqual([`InstrumentationWarning: ${warning}`]);
    });

    test('a selection that leaves one, and a component that an application leaves out, are not', async () => {
      const registry = new MetricsRegistry();
      expect(await warningsOf(() => void instrument(new Orders(), { registry, include: ['find'], exclude: ['save'] }))).toEqual([]);
    });
  });

  test('a Proxy is warned of as one, whatever is chosen', async () => {
    const registry = new MetricsRegistry();
    const proxy = new Proxy(new Orders(), {});
    expect(await warningsOf(() => void instrument(proxy, { registry, component: 'Orders', include: ['fi*'] }))).toEqual([
      'InstrumentationWarning: Orders is frozen, sealed or a Proxy, so its calls are not measured.',
    ]);
  });

  test('names are checked by the compiler where it knows them', () => {
    const registry = new MetricsRegistry();
    const wrong = (): void => {
      // @ts-expect-error no method has this name
      instrument(new Orders(), { registry, include: ['fnd'] });
      // @ts-expect-error it is no method
      instrument(new Orders(), { registry, exclude: ['size'] });
    };
    expect(wrong).toThrow(InstrumentationError);
    instrument(new Orders(), { registry, include: ['find', 'sa*', /All$/] });
    instrument({ work: () => 1 } as Record<string, () => number>, { registry, include: ['work'] });
    instrument(new Orders() as object, { registry, include: ['save'] });
  });
});
