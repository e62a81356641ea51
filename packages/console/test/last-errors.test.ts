/** The last errors of methods and routes, as the live page gets them. */
import { fastify } from 'fastify';
import { httpInstrumentation, instrument, MetricsRegistry } from 'tsukimi';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Detail, LastError, LastErrors } from '../src/api-types.js';

class EclipseError extends Error {}

class Moon {
  phase(night: number): string {
    if (night < 0) throw new EclipseError(`no night ${night}`);
    return 'full';
  }

  fail(thrown: unknown): never {
    throw thrown;
  }
}

async function started({ allowedIps = ['127.0.0.1'] }: { readonly allowedIps?: string[] } = {}) {
  const registry = new MetricsRegistry();
  const moon = instrument(new Moon(), { registry, thrownErrorClasses: true });
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, console: true, allowedIps });
  app.get<{ Params: { night: string } }>('/moon/:night', async ({ params }) => moon.phase(Number(params.night)));
  app.get('/missing', async () => {
    throw Object.assign(new Error('no moon'), { statusCode: 404 });
  });
  app.get('/text', async () => {
    throw 'only a text';
  });
  app.get('/answered', async (_, reply) => reply.code(500).send({ says: 'no error was thrown' }));
  app.get('/handled', { errorHandler: async (_error, _request, reply) => reply.code(503).send('later') }, async () => {
    throw Object.assign(new Error('busy'), { statusCode: 400 });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const get = async (path: string): Promise<number> => {
    const answer = await fetch(url + path);
    await answer.arrayBuffer();
    return answer.status;
  };
  const errors = async (of: Readonly<Record<string, string>> = {}): Promise<LastError[]> => {
    const answer = await fetch(`${url}/metrics/ui/api/errors?${new URLSearchParams(of)}`);
    return ((await answer.json()) as LastErrors).errors;
  };
  return { app, url, registry, moon, get, errors };
}

/** The response may be read before the server has noted how it ended. */
async function until(ask: () => Promise<LastError[]>, count: number): Promise<LastError[]> {
  for (;;) {
    const errors = await ask();
    if (errors.length >= count) return errors;
  }
}

function shown({ component, method, type, message, route }: LastError) {
  return { component, method, type, message, route };
}

describe('of a route', () => {
  test('are those that were answered with 500 and above, with the method that failed first', async () => {
    const { url, get, errors } = await started();
    const failed = { component: 'Moon', method: 'phase', type: 'EclipseError', message: 'no night -3' };
    expect(await get('/moon/-3')).toBe(500);
    const ofRoute = await until(() => errors({ route: 'GET /moon/:night' }), 1);
    expect(ofRoute.map(shown)).toEqual([{ ...failed, route: 'GET /moon/:night' }]);
    expect((await errors({ component: 'Moon', method: 'phase' })).map(shown)).toEqual([{ ...failed, route: null }]);
    expect((await errors({ component: 'Moon' })).map(shown)).toEqual([{ ...failed, route: null }]);
    expect((await errors()).map(({ route }) => route)).toEqual(['GET /moon/:night', null]);
    const detail = await fetch(`${url}/metrics/ui/api/route?method=GET&path=${encodeURIComponent('/moon/:night')}`);
    expect(((await detail.json()) as Detail).lastErrors).toEqual(ofRoute);
  });

  test('are not those of the client, nor answers that no error led to', async () => {
    const { get, errors } = await started();
    expect([await get('/missing'), await get('/answered'), await get('/nowhere'), await get('/moon/-1')]).toEqual([404, 500, 404, 500]);
    await until(errors, 2);
    expect((await errors()).flatMap(({ route }) => route ?? [])).toEqual(['GET /moon/:night']);
  });

  test('are judged by the status that an error handler answers', async () => {
    const { get, errors } = await started();
    expect(await get('/handled')).toBe(503);
    const [error] = await until(errors, 1);
    expect(error && shown(error)).toEqual({ component: null, method: null, type: 'Error', message: 'busy', route: 'GET /handled' });
  });

  test('can be anything that was thrown, also for requests that are injected', async () => {
    const { app, errors } = await started();
    expect((await app.inject('/text')).statusCode).toBe(500);
    const [error] = await until(errors, 1);
    expect(error && shown(error)).toEqual({ component: null, method: null, type: 'string', message: 'only a text', route: 'GET /text' });
  });
});

describe('kept', () => {
  test('are ten of each, the newest first', async () => {
    const { moon, errors } = await started();
    for (let night = 1; night <= 12; night += 1) expect(() => moon.phase(-night)).toThrow(EclipseError);
    expect((await errors()).map(({ id, message }) => [id, message])).toEqual(
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((night) => [night, `no night -${night}`]),
    );
  });

  test('are those of the 200 methods and routes that failed last', async () => {
    const { registry, get, errors } = await started();
    class Moons {}
    const names = Array.from({ length: 250 }, (_, index) => `phase${index}`);
    for (const name of names)
      Object.defineProperty(Moons.prototype, name, {
        value() {
          throw new EclipseError(name);
        },
        writable: true,
        configurable: true,
      });
    const moons = instrument(new Moons(), { registry, thrownErrorClasses: true }) as unknown as Readonly<Record<string, () => void>>;
    for (const name of [...names, 'phase60']) expect(() => moons[name]?.()).toThrow(name);
    expect((await errors({ component: 'Moons', method: 'phase50' })).map(({ id }) => id)).toEqual([51]);
    expect((await errors({ component: 'Moons', method: 'phase49' })).map(({ id }) => id)).toEqual([]);
    expect((await errors({ component: 'Moons', method: 'phase60' })).map(({ id }) => id)).toEqual([251, 61]);
    await get('/text');
    await until(() => errors({ route: 'GET /text' }), 1);
    expect((await errors({ component: 'Moons', method: 'phase50' })).map(({ id }) => id)).toEqual([]);
  });

  test('have no credentials, run no getter, and have no more than 500 characters', async () => {
    const { moon, errors } = await started();
    const getter = {
      get message(): string {
        throw new Error('a getter ran');
      },
    };
    const thrown = [new Error('connect to postgres://moon:hunter2@db failed'), new Error('x'.repeat(501)), getter];
    for (const each of thrown) expect(() => moon.fail(each)).toThrow();
    const [ofGetter, long, secret] = (await errors()).map(({ message }) => message);
    expect(secret).not.toContain('hunter2');
    expect(long).toBe(`${'x'.repeat(500)}...`);
    expect(ofGetter).toBeNull();
  });

  test('have no message where everyone may read them', async () => {
    const { moon, errors } = await started({ allowedIps: [] });
    expect(() => moon.phase(-1)).toThrow(EclipseError);
    expect((await errors()).map(({ type, message }) => [type, message])).toEqual([['EclipseError', null]]);
  });
});
