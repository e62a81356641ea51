/** The fields that log lines get from the context. */
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { Controller, CurrentLogger, type Extension, Get, Inject, requestContextMixin, Scheduled, Service } from '@tsukimi/core';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { applicationOf, start } from '../start.js';

type Line = Readonly<Record<string, unknown>>;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

@Service()
class Work {
  readonly own: Line[] = [];
  readonly #own = pino(
    { mixin: requestContextMixin({ mixin: () => ({ mine: 1 }) }) },
    { write: (line: string) => this.own.push(JSON.parse(line)) },
  );

  constructor(@Inject(CurrentLogger) private readonly logger: FastifyBaseLogger) {}

  async log(message: string): Promise<void> {
    await null;
    this.logger.info(message);
    await setTimeout(1);
    this.#own.info({ extra: true }, message);
  }

  @Scheduled({ name: 'nightly', cron: '0 0 3 * * *' })
  async nightly(): Promise<void> {
    await this.log('in the task');
  }
}

@Controller('/moons')
class Moons {
  constructor(private readonly work: Work) {}

  @Get('/:id')
  async find() {
    await this.work.log('in the request');
    return {};
  }
}

function sink(): { readonly lines: Line[]; readonly logger: { stream: { write(line: string): void } } } {
  const lines: Line[] = [];
  return { lines, logger: { stream: { write: (line) => lines.push(JSON.parse(line)) } } };
}

const said = (lines: readonly Line[], message: string): Line[] =>
  lines.filter(({ msg }) => msg === message).map(({ level, time, pid, hostname, msg, ...fields }) => fields);

test('lines of a request have its id, route and trace', async () => {
  const { lines, logger } = sink();
  const app = await start(applicationOf([Moons, Work]), { configuration: { logging: { request_context: 'on' } }, logger });
  await app.inject({ url: '/moons/1', headers: { 'x-request-id': 'abc-1', traceparent: TRACEPARENT } });
  const fields = { request_id: 'abc-1', route: '/moons/:id', trace_id: TRACE };
  expect(said(lines, 'in the request')).toEqual([fields]);
  expect(said(app.resolve(Work).own, 'in the request')).toEqual([{ ...fields, mine: 1, extra: true }]);
});

test('lines of a task run have its name and an id of the run', async () => {
  const { lines, logger } = sink();
  const app = await start(applicationOf([Moons, Work]), { configuration: { logging: { request_context: 'on' } }, logger });
  await app.scheduler.run('nightly');
  await app.scheduler.run('nightly');
  const runs = said(lines, 'in the task');
  expect(runs).toEqual([1, 2].map(() => ({ request_id: expect.stringMatching(/^[0-9a-f-]{36}$/), task: 'nightly' })));
  expect(runs[0]?.['request_id']).not.toBe(runs[1]?.['request_id']);
  expect(said(app.resolve(Work).own, 'in the task').map(({ request_id: id }) => id)).toEqual(runs.map(({ request_id: id }) => id));
});

test('lines outside of requests and tasks, and all lines while it is off, have none of them', async () => {
  const { lines, logger } = sink();
  const app = await start(applicationOf([Moons, Work]), { configuration: { logging: { request_context: 'on' } }, logger });
  await app.resolve(Work).log('outside');
  expect(said(lines, 'outside')).toEqual([{}]);
  const off = sink();
  const other = await start(applicationOf([Moons, Work]), { logger: off.logger });
  await other.inject({ url: '/moons/1', headers: { 'x-request-id': 'abc-1' } });
  expect(said(off.lines, 'in the request')).toEqual([{}]);
});

/** A tracer whose spans are the same each time. */
const SPAN = { traceId: TRACE, spanId: '00f067aa0ba902b7', isSampled: true };
const tracer = (): Extension => ({
  name: 'tracer',
  requestContext: () => ({
    began: (context) => {
      context.span = SPAN;
    },
  }),
});

test('with a tracer, the fields are there by themselves, unless they are off', async () => {
  for (const [fields, expected] of [
    ['auto', { request_id: 'abc-1', route: '/moons/:id', trace_id: TRACE, span_id: SPAN.spanId }],
    ['off', {}],
  ] as const) {
    const { lines, logger } = sink();
    const App = applicationOf([Moons, Work], { extensions: [tracer] });
    const app = await start(App, { configuration: { logging: { request_context: fields } }, logger });
    await app.inject({ url: '/moons/1', headers: { 'x-request-id': 'abc-1' } });
    expect(said(lines, 'in the request')).toEqual([expected]);
  }
});

test('Datadog gets decimal ids and the tags of the application', async () => {
  const { lines, logger } = sink();
  const App = applicationOf([Moons, Work], { name: 'moons', extensions: [tracer] });
  const app = await start(App, {
    configuration: { logging: { datadog: true }, app: { version: '1.2.3' } },
    environment: { DD_ENV: 'staging' },
    logger,
  });
  await app.inject({ url: '/moons/1', headers: { 'x-request-id': 'abc-1' } });
  await app.resolve(Work).log('outside');
  const tags = { service: 'moons', env: 'staging', version: '1.2.3' };
  expect(said(lines, 'in the request').map(({ dd }) => dd)).toEqual([
    { ...tags, trace_id: '11803532876627986230', span_id: '67667974448284343' },
  ]);
  expect(said(lines, 'outside')).toEqual([{ dd: tags }]);
});

test('the fields of a line, and those of a mixin of your own, override ours', () => {
  const lines: Line[] = [];
  const mixin = requestContextMixin({ datadog: { service: 's' }, mixin: () => ({ dd: 'mine', request_id: 'theirs' }) });
  pino({ mixin }, { write: (line: string) => lines.push(JSON.parse(line)) }).info({ request_id: 'line' }, 'said');
  expect(said(lines, 'said')).toEqual([{ dd: 'mine', request_id: 'line' }]);
});

test("the log of a failed task has the context of its run, and an application's own mixin stays", async () => {
  const lines: Line[] = [];
  @Service()
  class Failing {
    @Scheduled({ name: 'failing', fixedRate: 60_000 })
    async fail() {
      throw new Error('broken');
    }
  }
  let tellFailed: () => void;
  const failed = new Promise<void>((resolve) => {
    tellFailed = resolve;
  });
  const app = await start(applicationOf([Failing]), {
    configuration: { server: { port: 0 }, logging: { request_context: 'on' } },
    logger: {
      mixin: () => ({ mine: 1 }),
      stream: {
        write: (line: string) => {
          lines.push(JSON.parse(line));
          if (line.includes('Task failing failed')) tellFailed();
        },
      },
    } as never,
  });
  await app.listen();
  await failed;
  expect(said(lines, 'Task failing failed')).toEqual([
    { request_id: expect.stringMatching(/^[0-9a-f-]{36}$/), task: 'failing', mine: 1, err: expect.objectContaining({ message: 'broken' }) },
  ]);
});

test('of 1,000 concurrent requests over real sockets, each line has the id of its own request', async () => {
  const { lines, logger } = sink();
  const app = await start(applicationOf([Moons, Work]), {
    configuration: { server: { port: 0 }, logging: { request_context: 'on' } },
    logger,
  });
  const { port } = new URL(await app.listen());
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  onTestFinished(() => agent.destroy());
  const request = async (id: string): Promise<unknown> => {
    const sent = get({ port, agent, path: `/moons/${id}`, headers: { 'x-request-id': id, traceparent: traceparentOf(id) } });
    const [answer] = await once(sent, 'response');
    answer.resume();
    await once(answer, 'end');
    return answer.headers['x-request-id'];
  };
  const ids = Array.from({ length: 1000 }, (_, number) => `request-${number + 1}`);
  expect(await Promise.all(ids.map(request))).toEqual(ids);
  for (const all of [lines, app.resolve(Work).own]) {
    const found = said(all, 'in the request');
    expect(found.map(({ request_id: id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(found.every(({ request_id: id, trace_id: trace }) => traceparentOf(String(id)).includes(String(trace)))).toBe(true);
  }
});

/** A trace context that belongs to an id. */
function traceparentOf(id: string): string {
  return `00-${Buffer.from(id).toString('hex').padStart(32, '0')}-00f067aa0ba902b7-01`;
}
