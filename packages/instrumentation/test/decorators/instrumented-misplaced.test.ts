/** `@Instrumented` where nothing could be measured is an error where the class is declared. */
import { Service } from '@tsukimi/core';
import { InstrumentationError, Instrumented, Timed } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { bareApplication, describeError, start } from '../support/start.js';

class StockService {
  count() {
    return 2;
  }
}

describe('where it can’t be', () => {
  function thrownBy(declare: () => unknown): string {
    try {
      declare();
    } catch (error) {
      expect(error).toBeInstanceOf(InstrumentationError);
      return describeError(error);
    }
    throw new Error('it did not throw');
  }
  const FIX = 'Put it on an instance method with a plain name, or on the class.';
  const key = Symbol('moon');

  test.each<[string, () => unknown, string]>([
    [
      'without parentheses on a class',
      () => Instrumented(StockService as never),
      'TSK_ERR_DECORATOR_NOT_CALLED: @Instrumented on StockService was written without parentheses. Write @Instrumented().',
    ],
    [
      'without parentheses on a method',
      () => Instrumented(StockService.prototype as never),
      'TSK_ERR_DECORATOR_NOT_CALLED: @Instrumented on StockService was written without parentheses. Write @Instrumented().',
    ],
    [
      'a static method',
      () => {
        class Statics {
          @Instrumented()
          static work() {}
          rest() {}
        }
        return Statics;
      },
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on Statics.work, which is static. ${FIX}`,
    ],
    [
      'a symbol',
      () => {
        class Symbols {
          @Instrumented()
          [key]() {}
        }
        return Symbols;
      },
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on Symbols.Symbol(moon), whose name is a symbol. Symbols are never measured. ${FIX}`,
    ],
    [
      'an accessor',
      () => {
        class Accessors {
          @Instrumented()
          get value() {
            return 1;
          }
        }
        return Accessors;
      },
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on Accessors.value, an accessor. Accessors are never measured. ${FIX}`,
    ],
    [
      'a name with an underscore',
      () => {
        class Underscores {
          @Instrumented()
          _work() {}
        }
        return Underscores;
      },
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on Underscores._work, whose name starts with an underscore. Such methods are not public and never measured. ${FIX}`,
    ],
    [
      'a member of an object that is no class',
      () => Instrumented()({ load: () => 1 }, 'load'),
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on Object.load, which is not a member of a class. ${FIX}`,
    ],
    [
      'a member of an instance',
      () => Instrumented()(new StockService(), 'count'),
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on StockService.count, which is not a member of a class. ${FIX}`,
    ],
    [
      'a property of another type',
      () => {
        class Properties {
          @Instrumented()
          count = new Map<string, number>();
          @Instrumented()
          size: number = 1;
        }
        return Properties;
      },
      `TSK_ERR_DECORATOR_PLACE: @Instrumented() is on Properties.size, a property that holds a Number, and no function. ${FIX}`,
    ],
  ])('%s', (_, declare, message) => {
    expect(thrownBy(declare)).toBe(message);
  });
});

describe('on a property that holds no function, which only the start knows', () => {
  @Service()
  class Plain {
    @Instrumented()
    settings = { load: () => 1 };
  }
  @Service()
  class Extending extends Plain {}
  @Service()
  class Timing {
    @Timed({ name: 'limits_seconds' })
    limits = [1, 2];
  }
  @Service()
  class Later {
    @Instrumented()
    load: (() => number) | undefined;
  }

  test.each([
    [Plain, '@Instrumented() is on Plain.settings, a property that holds no function', ', or on the class'],
    [Extending, '@Instrumented() is on Plain.settings, a property that holds no function', ', or on the class'],
    [Timing, '@Timed() is on Timing.limits, a property that holds no function', ''],
  ])('%o', async (component, what, more) => {
    const failed = await start(bareApplication([component])).catch(describeError);
    expect(failed).toBe(`TSK_ERR_DECORATOR_PLACE: ${what}. Put it on an instance method with a plain name${more}.`);
  });

  test('nothing is wrong with one that is assigned later', async () => {
    await start(bareApplication([Later]));
  });
});
