/** Random programs: classes with members of every kind, and what is done to an instance of the last one. */
import fc from 'fast-check';

export const NAMES = ['m0', 'm1', 'm2', 'm3'] as const;
export type Name = (typeof NAMES)[number];

export const KINDS = [
  'method',
  'async method',
  'generator',
  'async generator',
  'arrow',
  'async arrow',
  'function property',
  'bound method',
  'bound async method',
  'bound generator',
  'getter of a function',
  'private',
  'symbol',
  'static',
] as const;
export type Kind = (typeof KINDS)[number];

/** A statement in a member's body. */
export type Statement =
  | { readonly type: 'log'; readonly value: number }
  | { readonly type: 'pause' }
  | { readonly type: 'yield'; readonly value: number }
  | { readonly type: 'call'; readonly via: 'this' | 'super'; readonly name: Name; readonly guarded: boolean }
  | { readonly type: 'throw'; readonly what: string }
  | { readonly type: 'return'; readonly what: string };

export interface Member {
  readonly name: Name;
  readonly kind: Kind;
  readonly body: readonly Statement[];
  /** What its `finally` does, if it has one. */
  readonly finally: Statement | undefined;
}

export interface ClassSpec {
  readonly members: readonly Member[];
  /** A method that the constructor calls. */
  readonly calledByConstructor: Name | undefined;
}

/** What the driver does with what a call gives. */
export const USES = [
  'to the end',
  'break at once',
  'break after one',
  'throw into it',
  'return before it begins',
  'never begin',
  'detached',
] as const;
export type Use = (typeof USES)[number];

export interface Action {
  readonly name: Name;
  readonly how: 'call' | 'private' | 'symbol' | 'static' | 'replace' | 'detach and bind';
  readonly use: Use;
}

export interface Program {
  readonly classes: readonly ClassSpec[];
  readonly actions: readonly Action[];
}

const name = fc.constantFrom(...NAMES);

const statement: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('log' as const), value: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pause' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('yield' as const), value: fc.nat(9) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('call' as const),
      via: fc.constantFrom('this' as const, 'super' as const),
      name,
      guarded: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('throw' as const),
      what: fc.constantFrom('new TypeError("no")', 'undefined', '"text"', 'shared'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('return' as const),
      what: fc.constantFrom(
        '1',
        'undefined',
        'this',
        'lazy(2)',
        'lazyFailure()',
        'Promise.resolve(3)',
        'rejection()',
        'cached',
        'new Sub((resolve) => resolve(4))',
        'new Plain((resolve) => resolve(7))',
        'cachedPlain',
        'Plain.reject(new RangeError("plain"))',
        '() => 5',
        '{ then: 6 }',
      ),
    }),
  },
);

const member: fc.Arbitrary<Member> = fc.record({
  name,
  kind: fc.constantFrom(...KINDS),
  body: fc.array(statement, { maxLength: 4 }),
  finally: fc.option(
    statement.filter(({ type }) => type === 'log' || type === 'yield' || type === 'pause'),
    { nil: undefined, freq: 4 },
  ),
});

export const program: fc.Arbitrary<Program> = fc.record({
  classes: fc.array(
    fc.record({
      members: fc.array(member, { minLength: 1, maxLength: 5 }),
      calledByConstructor: fc.option(name, { nil: undefined, freq: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  actions: fc.array(
    fc.record({
      name,
      how: fc.oneof(
        { weight: 8, arbitrary: fc.constant('call' as const) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'private' as const,
            'symbol' as const,
            'static' as const,
            'replace' as const,
            'detach and bind' as const,
          ),
        },
      ),
      use: fc.oneof({ weight: 4, arbitrary: fc.constant('to the end' as const) }, { weight: 5, arbitrary: fc.constantFrom(...USES) }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
