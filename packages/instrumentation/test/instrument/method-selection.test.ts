/** Which methods of an object `include` and `exclude` choose. */
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
      'TSK_ERR_INSTRUMENT_METHOD: include[0]: "fnd" is no method of the object that instrument() was given. Did you mean "find"?',
    ],
    [{ exclude: ['find', 'sav*e'] }, 'none'],
    [{ exclude: ['find', 'size'] }, /^TSK_ERR_INSTRUMENT_METHOD: exclude\[1\]: "size" is no method/],
    [{ exclude: [/nothing/] }, /^TSK_ERR_INSTRUMENT_METHOD: exclude\[0\]: "\/nothing\/" is no method/],
    [{ include: 'find' }, /^TSK_ERR_INSTRUMENTATION_OPTION: include: a text of 4 characters is not a list of methods/],
    [{ include: [7] }, /^TSK_ERR_INSTRUMENTATION_OPTION: include\[0\]: 7 is not a name/],
  ])('what no method has is refused: %j', (options, message) => {
    expect(code(options)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
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
