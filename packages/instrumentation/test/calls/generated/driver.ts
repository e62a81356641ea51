/** Runs a random program on one instance, and says what came of it. */
import { setImmediate } from 'node:timers/promises';
import type { Action, Program, Use } from './program.js';
import { type Book, isAsyncGenerator, isGenerator, methodOf, Scope } from './scope.js';
import { sourceOf } from './source.js';

type Subject = Record<string | symbol, unknown> & { constructor: Record<string, unknown> };

export interface Run {
  readonly effects: readonly unknown[];
  /** What was called, by the program's own book. */
  readonly book: Book;
  /** Everything that calls gave: kept, so that nothing is counted as let go of. */
  readonly kept: readonly unknown[];
}

let unhandled: (reason: unknown) => void = () => undefined;

/** Lets the program that runs hear of rejections that nobody handles, in place of whoever listens now. @returns undoes it */
export function hearOfRejections(): () => void {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => unhandled(reason));
  return () => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  };
}

/** @param wire what is done to the instance before it is used */
export async function run({ classes, actions }: Program, wire: (subject: object) => void): Promise<Run> {
  const scope = new Scope();
  const names = Object.keys(scope);
  const Class = new Function(...names, sourceOf(classes))(...names.map((key) => scope[key as keyof Scope])) as new () => Subject;
  const subject = new Class();
  unhandled = (reason) => scope.log('unhandled', reason);
  // What the constructor began has to be over before anything is compared.
  await setImmediate();
  scope.constructed = true;
  wire(subject);
  for (const action of actions) {
    const failure = await act(scope, subject, action).then(
      () => [],
      (error: unknown) => ['threw', error],
    );
    // Other chains that the action began come to their end first: there is one order of effects.
    await setImmediate();
    scope.log(...failure);
  }
  scope.log(Object.keys(subject), JSON.stringify(subject), subject instanceof Class, Object.getPrototypeOf(subject) === Class.prototype);
  return { effects: scope.effects, book: scope.book, kept: scope.kept };
}

async function act(scope: Scope, subject: Subject, { name, how, use }: Action): Promise<void> {
  scope.log(`-- ${how} ${name}, ${use}`);
  switch (how) {
    case 'call':
      return await consume(scope, scope.observed(subject, name, 2), use);
    case 'detach and bind': {
      const method = methodOf(subject, name);
      if (method === undefined) return;
      const other = Object.create(subject, { [name]: { value: method.bind(subject) } });
      return await consume(scope, scope.observed(other, name, 2), use);
    }
    case 'replace':
      subject[`added_${name}`] = () => scope.log('added');
      return void (subject[`added_${name}`] as () => void)();
    case 'private':
      return await consume(scope, scope.observed(subject, `private_${name}`, 2), use);
    case 'symbol':
      return await consume(scope, scope.superCall(subject[scope.symbols[name]], subject, 2), use);
    case 'static':
      return await consume(scope, scope.superCall(subject.constructor[name], subject, 2), use);
  }
}

async function consume(scope: Scope, given: unknown, use: Use): Promise<void> {
  if (isGenerator(given)) return consumeGenerator(scope, given, use);
  if (isAsyncGenerator(given)) return await consumeAsyncGenerator(scope, given, use);
  if (use === 'never begin' && !(given instanceof Promise)) return;
  if (use === 'detached' && given instanceof Promise)
    return void given.then(
      (value) => scope.log(value),
      (error: unknown) => scope.log('rejected', error),
    );
  const value = await given;
  scope.log(value);
  if (isGenerator(value) || isAsyncGenerator(value)) await consume(scope, value, use);
}

function consumeGenerator(scope: Scope, generator: Generator, use: Use): void {
  if (use === 'never begin') return;
  const tracked = scope.tracked(generator);
  if (use === 'return before it begins') {
    scope.log(generator.return('early').value);
    scope.end(generator, 'success');
  }
  if (use === 'throw into it') scope.log(tracked.next().value, tracked.throw(new SyntaxError('thrown in')).value);
  for (const item of tracked) {
    scope.log(item);
    if (use === 'break at once' || use === 'break after one') return;
  }
}

async function consumeAsyncGenerator(scope: Scope, generator: AsyncGenerator, use: Use): Promise<void> {
  if (use === 'never begin') return;
  if (use === 'return before it begins') {
    scope.log((await generator.return('early')).value);
    return scope.end(generator, 'success');
  }
  const tracked = scope.trackedAsync(generator);
  if (use === 'throw into it') {
    scope.log((await tracked.next()).value, (await tracked.throw(new SyntaxError('thrown in'))).value);
  }
  for await (const item of tracked) {
    scope.log(item);
    if (use === 'break at once' || use === 'break after one') break;
  }
}
