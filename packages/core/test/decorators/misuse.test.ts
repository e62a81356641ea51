/** Decorators that are written as another framework has them, where no compiler sees it: each says what to write instead. */
import {
  Component,
  Configuration,
  Controller,
  Get,
  HttpCode,
  Inject,
  OnStart,
  OnStop,
  Post,
  Profile,
  Provider,
  Repository,
  Scheduled,
  Service,
  Value,
} from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, describeError, startFailure } from '../start.js';

type Loose = (...given: unknown[]) => unknown;
/** A decorator as it looks without types. */
const loose = (decorator: unknown): Loose => decorator as Loose;

function thrownBy(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return describeError(error);
  }
  return 'nothing';
}

class Jobs {
  run(): void {}
  get state(): string {
    throw new Error('a getter was read');
  }
}
const method = [Jobs.prototype, 'run', Object.getOwnPropertyDescriptor(Jobs.prototype, 'run')];

test.each([
  ['@OnStart', OnStart, method],
  ['@OnStop', OnStop, method],
  ['@Provider', Provider, method],
  ['@HttpCode', HttpCode, method],
  ['@Scheduled', Scheduled, method],
  ['@Get', Get, method],
  ['@Post', Post, method],
  ['@Profile', Profile, method],
  ['@Profile', Profile, [Jobs]],
  ['@Component', Component, [Jobs]],
  ['@Service', Service, [Jobs]],
  ['@Repository', Repository, [Jobs]],
  ['@Configuration', Configuration, [Jobs]],
  ['@Controller', Controller, [Jobs]],
  ['@Value', Value, [Jobs, undefined, 0]],
])('%s without parentheses', (name, decorator, given) => {
  expect(thrownBy(() => loose(decorator)(...given))).toBe(
    `TSK_ERR_DECORATOR_NOT_CALLED: ${name} on Jobs was written without parentheses. Write ${name}().`,
  );
});

test.each([
  [
    '@Scheduled',
    Scheduled,
    '0 * * * *',
    "a text of 9 characters. Write @Scheduled({ fixedRate: 10_000 }) or @Scheduled({ cron: '0 * * * *' }).",
  ],
  ['@Scheduled', Scheduled, 5000, "5000. Write @Scheduled({ fixedRate: 10_000 }) or @Scheduled({ cron: '0 * * * *' })."],
  ['@Controller', Controller, { path: '/a' }, "an object of 1 key. Write @Controller('/path', { scope: 'request' })."],
  ['@Get', Get, ['/a', '/b'], 'a list of 2 entries. Pass one path; add another @Get for another path.'],
  ['@Service', Service, 'orders', "a text of 6 characters. Write @Service({ name: '...' }) to give it a name."],
  ['@Profile', Profile, undefined, "undefined. Name at least one: @Profile('prod')."],
  [
    '@Inject',
    Inject,
    undefined,
    'undefined. Pass a class, a string or a symbol. If it is a class, its file and this one import each other: move what they share into a third file.',
  ],
])('%s with an argument it does not take', (name, decorator, given, rest) => {
  expect(thrownBy(() => loose(decorator)(given))).toBe(`TSK_ERR_DECORATOR_ARGUMENT: ${name} was given ${rest}`);
});

test.each([
  ['@Inject', Inject(Jobs)],
  ['@Value', Value('${jobs.limit:1}')],
])('%s on a property', (name, decorator) => {
  expect(thrownBy(() => loose(decorator)(Jobs.prototype, 'limit', undefined))).toBe(
    `TSK_ERR_DECORATOR_PLACE: ${name} is on the property Jobs.limit, but Tsukimi does not inject into properties. Put it on a parameter of the constructor.`,
  );
});

test.each(['state', 'arrow'])('routes and schedules on %s, which is no method, are refused, and no getter is read', (member) => {
  expect(thrownBy(() => loose(Get('/'))(Jobs.prototype, member))).toBe(
    `TSK_ERR_DECORATOR_PLACE: A route decorator is on Jobs.${member}. Put it on an instance method with a plain name, or on a parameter of such a method.`,
  );
  expect(thrownBy(() => loose(Scheduled({ fixedRate: 1000 }))(Jobs.prototype, member))).toBe(
    `TSK_ERR_DECORATOR_PLACE: @Scheduled is on Jobs.${member}. Put it on an instance method with a plain name.`,
  );
});

test('a scope that does not exist', async () => {
  class Cache {}
  loose(Service({ scope: 'prototype' as 'transient' }))(Cache);
  expect(await startFailure(applicationOf([Cache]))).toBe(
    "TSK_ERR_COMPONENT_SCOPE: Cache has the scope a text of 9 characters. Write 'singleton', 'transient' or 'request'.",
  );
});

test('a provider in a class of another role', async () => {
  @Service()
  class Parts {
    @Provider({ token: 'clock' })
    clock(): () => number {
      return Date.now;
    }
  }
  expect(await startFailure(applicationOf([Parts]))).toBe(
    'TSK_ERR_COMPONENT_PROVIDER_NOT_IN_CONFIGURATION: Parts.clock has @Provider(), but Parts is declared as service. Declare it with @Configuration().',
  );
});

test('a profile on a method that provides nothing, inherited ones included', async () => {
  class Base {
    @Profile('prod')
    @Scheduled({ fixedRate: 1000 })
    report(): void {}
  }
  @Service()
  class Reports extends Base {}
  expect(await startFailure(applicationOf([Reports]))).toBe(
    'TSK_ERR_COMPONENT_PROFILE_METHOD: Reports.report has @Profile(), which works only on classes and @Provider() methods. Move the method to a separate class, and put @Profile() on that class.',
  );
});
