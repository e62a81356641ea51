/** `@Instrumented` where nothing could be measured is an error where the class is declared. */
import { InstrumentationError, Instrumented } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { describeError } from '../support/start.js';

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
  ])('%s', (_, declare, message) => {
    expect(thrownBy(declare)).toBe(message);
  });
});
