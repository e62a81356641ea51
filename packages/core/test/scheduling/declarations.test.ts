/** What is wrong with a schedule stops the start, and names class and method. */
import { Component, Scheduled, type ScheduleOptions, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { clockwork } from './clockwork.js';

const MAX = 2 ** 31 - 1;

test.each<[ScheduleOptions, string, string]>([
  [{}, 'TRIGGER', '@Scheduled on Bad.work has none of fixedRate, fixedDelay and cron. Set exactly one of them.'],
  [{ fixedRate: 1, cron: '@daily' }, 'TRIGGER', '@Scheduled on Bad.work has fixedRate and cron. Set exactly one of them.'],
  [{ fixedRate: 1, fixedDelay: 1 }, 'TRIGGER', '@Scheduled on Bad.work has fixedRate and fixedDelay. Set exactly one of them.'],
  ...[0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].flatMap((value): [ScheduleOptions, string, string][] => [
    [
      { fixedRate: value },
      'INTERVAL',
      `fixedRate of Bad.work is ${value}. Set milliseconds from 1 to ${MAX}, or use cron for longer times.`,
    ],
    [
      { fixedDelay: value },
      'INTERVAL',
      `fixedDelay of Bad.work is ${value}. Set milliseconds from 1 to ${MAX}, or use cron for longer times.`,
    ],
  ]),
  [
    { fixedRate: '10' as unknown as number },
    'INTERVAL',
    `fixedRate of Bad.work is "10". Set milliseconds from 1 to ${MAX}, or use cron for longer times.`,
  ],
  ...[-1, Number.NaN, 2 ** 31].map((value): [ScheduleOptions, string, string] => [
    { fixedRate: 1, initialDelay: value },
    'INITIAL_DELAY',
    `initialDelay of Bad.work is ${value}. Set milliseconds from 0 to ${MAX}.`,
  ]),
  [
    { cron: '@daily', initialDelay: 5 },
    'INITIAL_DELAY',
    'initialDelay of Bad.work is 5. Remove it: the cron expression sets the time of the first run.',
  ],
  [{ cron: 'every day' }, 'CRON', 'cron of Bad.work is a text of 9 characters: it is not a cron expression'],
  [{ cron: '' }, 'CRON', 'cron of Bad.work is "": '],
  [{ cron: '61 * * * * *' }, 'CRON', 'cron of Bad.work is "61 * * * * *": '],
  [{ cron: '@fortnightly' }, 'CRON', 'cron of Bad.work is a text of 12 characters: it is not a cron expression'],
  [{ cron: '2030-01-01T00:00:00' }, 'CRON', 'cron of Bad.work is a text of 19 characters: it is not a cron expression. Write five fields'],
  [{ cron: 5 as unknown as string }, 'CRON', 'cron of Bad.work is 5: it is not a cron expression.'],
  [{ cron: '0 0 0 30 2 *' }, 'CRON', 'cron of Bad.work is "0 0 0 30 2 *", which never occurs. Use an expression that does.'],
  [{ cron: '@daily', timeZone: 'Europe/Bonn' }, 'TIME_ZONE', 'timeZone of Bad.work is a text of 11 characters: it is not a time zone.'],
  [{ fixedRate: 1, timeZone: 'UTC' }, 'TIME_ZONE', 'timeZone of Bad.work is a text of 3 characters: it has no effect without cron.'],
  [{ fixedRate: 1, perWorker: 'yes' as unknown as boolean }, 'PER_WORKER', 'perWorker of Bad.work is "yes". Set true, or leave it out.'],
])('%j', async (options, code, message) => {
  @Service()
  class Bad {
    @Scheduled(options) work() {}
  }
  const start = clockwork([Bad]);
  await expect(start).rejects.toMatchObject({ code: `TSK_ERR_SCHEDULING_${code}` });
  await expect(start).rejects.toThrow(message);
});

test('a component of request scope cannot be scheduled', async () => {
  @Component({ scope: 'request' })
  class PerRequest {
    @Scheduled({ fixedRate: 1000 }) work() {}
  }
  await expect(clockwork([PerRequest])).rejects.toMatchObject({
    code: 'TSK_ERR_SCHEDULING_SCOPE',
    message: expect.stringContaining('PerRequest.work is scheduled, but its class has request scope'),
  });
});

test('a scheduled method has no parameters', async () => {
  class Parameters {
    work(_a: string, _b: string) {}
  }
  const decorate = Scheduled({ fixedRate: 1000 }) as unknown as (target: object, method: string) => void;
  decorate(Parameters.prototype, 'work');
  Component()(Parameters);
  await expect(clockwork([Parameters])).rejects.toMatchObject({
    code: 'TSK_ERR_SCHEDULING_PARAMETERS',
    message: expect.stringContaining('Parameters.work is scheduled, but has 2 parameters'),
  });
});

test('two tasks cannot have one name', async () => {
  @Service()
  class Twice {
    @Scheduled({ fixedRate: 1000 })
    @Scheduled({ cron: '@daily' })
    work() {}
  }
  await expect(clockwork([Twice])).rejects.toMatchObject({
    code: 'TSK_ERR_SCHEDULING_DUPLICATE',
    message: "Two tasks are called Twice.work: Twice.work and Twice.work. Give one of them a name: @Scheduled({ ..., name: '...' }).",
  });
});

test('decorators that cannot mean anything throw where they stand', () => {
  const onStatic = () => {
    class OnStatic {
      readonly name = 'x';
      @Scheduled({ fixedRate: 1000 }) static work() {}
    }
    return OnStatic;
  };
  expect(onStatic).toThrow('@Scheduled is on OnStatic.work. Put it on an instance method with a plain name.');
  const bare = Scheduled as unknown as (target?: object) => void;
  expect(() => bare()).toThrow('@Scheduled');
});
