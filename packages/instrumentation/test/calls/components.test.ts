/** Components of an application, however they are made: measured from the moment anyone else has them. */
import { Configuration, Controller, Get, Inject, Param, Provider, Repository, Service } from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { bareApplication, instrumentedApplication, start } from '../support/start.js';
import { callsIn } from './support/calls-in.js';

class Clock {
  now(): number {
    return 5;
  }
}

@Configuration()
class Clocks {
  @Instrumented()
  @Provider()
  clock(): Clock {
    return new Clock();
  }
  @Instrumented()
  @Provider({ token: 'same clock', name: 'Alias' })
  alias(clock: Clock): Clock {
    return clock;
  }
  @Instrumented()
  @Provider({ token: 'async clock', name: 'AsyncClock' })
  async asyncClock(): Promise<Clock> {
    return new Clock();
  }
}

@Service()
class Times {
  constructor(
    readonly clock: Clock,
    @Inject('same clock') readonly alias: Clock,
    @Inject('async clock') readonly asyncClock: Clock,
  ) {}
  async all(): Promise<number> {
    return this.clock.now() + this.alias.now() + this.asyncClock.now();
  }
}

describe('A component made by a @Provider', () => {
  test('is counted once for each call, also where it goes by two tokens', async () => {
    const { app } = await start(instrumentedApplication([Clocks, Times]));
    const times = app.resolve(Times);
    expect(times.alias).toBe(times.clock);
    expect(await times.all()).toBe(15);
    const registry = app.resolve(MetricsRegistry);
    expect(await callsIn(registry, 'Times')).toMatchObject({ all: { success: 1, failure: 0 } });
    expect(await callsIn(registry, 'Clock')).toMatchObject({ now: { success: 2, failure: 0 } });
    expect(await callsIn(registry, 'Alias')).toEqual({});
    expect(await callsIn(registry, 'AsyncClock')).toMatchObject({ now: { success: 1, failure: 0 } });
  });
});

@Repository({ scope: 'transient' })
class Draft {
  #text = '';
  write(text: string): string {
    this.#text += text;
    return this.#text;
  }
}

@Service({ scope: 'request' })
class Session {
  readonly #seen: string[] = [];
  readonly remember = (name: string): number => this.#seen.push(name);
  async names(): Promise<readonly string[]> {
    return this.#seen;
  }
}

@Controller('/session', { scope: 'request' })
class SessionController {
  constructor(
    readonly session: Session,
    readonly draft: Draft,
  ) {}
  @Get('/:name')
  async greet(@Param('name') name: string): Promise<unknown> {
    if (name === 'nobody') throw new TypeError('nobody is there');
    this.session.remember(name);
    return { names: await this.session.names(), draft: this.draft.write(name) };
  }
}

describe('A transient or request-scoped component', () => {
  test('is measured in each of its instances, and their calls are summed', async () => {
    const answers = [];
    for (const application of [bareApplication, instrumentedApplication]) {
      const { app } = await start(application([Draft, Session, SessionController]));
      const responses = await Promise.all(['ann', 'bob', 'nobody', 'cid'].map((name) => app.inject({ url: `/session/${name}` })));
      answers.push(responses.map(({ statusCode, body }) => [statusCode, body]));
      const [one, other] = [app.resolve(Draft), app.resolve(Draft)];
      expect([one === other, one.write('a'), other.write('b'), one.write('c')]).toEqual([false, 'a', 'b', 'ac']);
      if (application === bareApplication) continue;
      const registry = app.resolve(MetricsRegistry);
      expect(await callsIn(registry, 'Draft')).toMatchObject({ write: { success: 6, failure: 0 } });
      expect(await callsIn(registry, 'Session')).toMatchObject({ remember: { success: 3 }, names: { success: 3 } });
      expect(await callsIn(registry, 'SessionController')).toMatchObject({ greet: { success: 3, failure: 1 } });
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});
