/** Which requests reach which method. */
import {
  Controller,
  Delete,
  DeleteMapping,
  Get,
  GetMapping,
  Head,
  HttpCode,
  Options,
  Param,
  Patch,
  PatchMapping,
  Post,
  PostMapping,
  Put,
  PutMapping,
  Reply,
  Req,
  RestController,
  Service,
} from '@tsukimi/core';
import fc from 'fast-check';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { invalid, serve } from './serve.js';

test('every verb and its alias reaches its method', async () => {
  @Controller('/verbs')
  class Verbs {
    @Get() get() {
      return 'get';
    }
    @Post() post() {
      return 'post';
    }
    @Put() put() {
      return 'put';
    }
    @Patch() patch() {
      return 'patch';
    }
    @Delete() delete() {
      return 'delete';
    }
    @Options() options() {
      return 'options';
    }
  }
  @RestController('/mappings')
  class Mappings {
    @GetMapping() get() {
      return 'get';
    }
    @PostMapping() post() {
      return 'post';
    }
    @PutMapping() put() {
      return 'put';
    }
    @PatchMapping() patch() {
      return 'patch';
    }
    @DeleteMapping() delete() {
      return 'delete';
    }
  }
  const { send } = await serve([Verbs, Mappings]);
  for (const verb of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    expect(await send(`${verb} /verbs`)).toMatchObject({ status: 200, text: verb.toLowerCase() });
  }
  for (const verb of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    expect(await send(`${verb} /mappings`)).toMatchObject({ status: 200, text: verb.toLowerCase() });
  }
});

test('a method may have several routes', async () => {
  @Controller('/several')
  class Several {
    @Get('/a')
    @Get('/b')
    @Post('/a')
    both() {
      return 'here';
    }
  }
  const { send } = await serve([Several]);
  for (const line of ['GET /several/a', 'GET /several/b', 'POST /several/a']) expect((await send(line)).text).toBe('here');
  expect((await send('POST /several/b')).status).toBe(404);
});

test('prefix and path are joined by exactly one slash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('api/o', '/api/o', 'api/o/', '/api/o//'), fc.constantFrom('x', '/x', '//x'), async (prefix, path) => {
      @Controller(prefix)
      class Joined {
        @Get(path) get() {
          return 'here';
        }
      }
      const { send, app } = await serve([Joined]);
      expect((await send('GET /api/o/x')).text).toBe('here');
      await app.close();
    }),
    { numRuns: 12 },
  );
});

test('a controller without a prefix serves from the root', async () => {
  @Controller()
  class Root {
    @Get() root() {
      return 'root';
    }
    @Get('below') below() {
      return 'below';
    }
  }
  const { send } = await serve([Root]);
  expect((await send('GET /')).text).toBe('root');
  expect((await send('GET /below')).text).toBe('below');
});

test('the root of a controller is served with and without a slash, under one template', async () => {
  const templates: (string | undefined)[] = [];
  @Controller('/api/orders')
  class Orders {
    @Get('/') list() {
      return 'list';
    }
    @Get('/user/:userId') byUser(@Param('userId') userId: string) {
      return userId;
    }
    @Head('/head') head() {}
  }
  const { send } = await serve([Orders], {
    extensions: [
      () => ({
        name: 'templates',
        server: (fastify: FastifyInstance) => {
          fastify.addHook('onResponse', async (request) => {
            templates.push(request.routeOptions.url);
          });
        },
      }),
    ],
  });
  expect((await send('GET /api/orders')).text).toBe('list');
  expect((await send('GET /api/orders/')).text).toBe('list');
  expect((await send('HEAD /api/orders')).status).toBe(200);
  expect((await send('GET /api/orders/user/5')).text).toBe('5');
  expect((await send('GET /api/orders/user/5/')).status).toBe(404);
  expect(templates).toEqual(['/api/orders', '/api/orders', '/api/orders', '/api/orders/user/:userId', undefined]);
});

test('HEAD comes with GET, unless it has a method of its own', async () => {
  @Controller('/heads')
  class Heads {
    @Get('/auto') auto() {
      return 'body';
    }
    @Get('/own') own() {
      return 'body';
    }
    @Head('/own') @HttpCode(202) ownHead(@Reply() reply: FastifyReply) {
      reply.header('x-own', 'yes').send();
    }
    @Get('/') root() {
      return 'body';
    }
    @Head('/') rootHead(@Reply() reply: FastifyReply) {
      reply.header('x-own', 'root').send();
    }
  }
  const { send } = await serve([Heads]);
  expect(await send('HEAD /heads/auto')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '4' } });
  expect(await send('HEAD /heads/own')).toMatchObject({ status: 202, text: '', headers: { 'x-own': 'yes' } });
  expect(await send('HEAD /heads')).toMatchObject({ status: 200, headers: { 'x-own': 'root' } });
});

test('routes are inherited, and overridden aspect by aspect', async () => {
  abstract class Base {
    abstract readonly kind: string;
    @Get('/kind') what() {
      return `base ${this.kind}`;
    }
    @Get('/:id') byId(@Param('id') id: number) {
      return { id, from: 'base' };
    }
    @Get('/old') moved() {
      return 'moved';
    }
  }
  @Controller('/cats')
  class Cats extends Base {
    readonly kind = 'cat';
    override byId(id: number) {
      return { id, from: 'cats' };
    }
    @Get('/new') override moved() {
      return 'cats moved';
    }
  }
  @Controller('/dogs')
  class Dogs extends Base {
    readonly kind = 'dog';
  }
  const { send } = await serve([Cats, Dogs]);
  expect((await send('GET /cats/kind')).text).toBe('base cat');
  expect((await send('GET /dogs/kind')).text).toBe('base dog');
  expect((await send('GET /cats/7')).json).toEqual({ id: 7, from: 'cats' });
  expect((await send('GET /dogs/7')).json).toEqual({ id: 7, from: 'base' });
  expect((await send('GET /cats/new')).text).toBe('cats moved');
  expect((await send('GET /cats/old')).status).toBe(400);
  expect((await send('GET /dogs/old')).text).toBe('moved');
});

test('the method is looked up on the instance at each request', async () => {
  @Controller('/looked-up')
  class LookedUp {
    @Get() get() {
      return 'prototype';
    }
  }
  const { app, send } = await serve([LookedUp]);
  expect((await send('GET /looked-up')).text).toBe('prototype');
  const instance = app.resolve(LookedUp);
  Object.defineProperty(instance, 'get', { value: () => 'own', configurable: true });
  expect((await send('GET /looked-up')).text).toBe('own');
});

test('options are passed on to Fastify', async () => {
  @Controller('/options')
  class WithOptions {
    @Post('/small', { bodyLimit: 10 }) small() {
      return 'ok';
    }
    @Get('/guarded', {
      preHandler: async (_request, reply) => {
        reply.code(403).send({ guarded: true });
      },
    })
    guarded() {
      return 'never';
    }
    @Get('/versioned', { constraints: { version: '1.0.0' } }) first() {
      return 'one';
    }
    @Get('/versioned', { constraints: { version: '2.0.0' } }) second() {
      return 'two';
    }
    @Get('/shaped', { schema: { response: { 200: { type: 'object', properties: { a: { type: 'number' } } } } } }) shaped() {
      return { a: 1, secret: 2 };
    }
    @Get('/queried', { schema: { query: { type: 'object', properties: { n: { type: 'integer' } } } } }) queried(
      @Req() request: FastifyRequest,
    ) {
      return request.query;
    }
  }
  const { send } = await serve([WithOptions]);
  expect((await send('POST /options/small', { payload: { text: 'much too long' } })).status).toBe(413);
  expect(await send('GET /options/guarded')).toMatchObject({ status: 403, json: { guarded: true } });
  expect((await send('GET /options/versioned', { headers: { 'accept-version': '2.x' } })).text).toBe('two');
  expect((await send('GET /options/shaped')).json).toEqual({ a: 1 });
  expect((await send('GET /options/queried?n=1')).json).toEqual({ n: 1 });
  expect((await send('GET /options/queried?n=x')).json).toEqual(invalid('querystring', 'n', 'must be integer'));
});

test.each([
  ['/same', '/same'],
  ['/:id', '/:userId'],
  ['/a/:id/b', '/a/:other/b'],
])('%s and %s cannot both be served', async (first, second) => {
  @Controller('/dup')
  class First {
    @Get(first) one() {}
  }
  @Controller('/dup')
  class Second {
    @Get(second) two() {}
  }
  const start = serve([First, Second]);
  await expect(start).rejects.toThrow(/^GET \/dup.* is served by First\.one and again by Second\.two.*Change the path of one/);
  await expect(start).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_DUPLICATE' });
});

test.each([
  ['/:id?', '/'],
  ['/', '/:id?'],
  ['/:id?', '/:name'],
  ['/all/:id?', '/all'],
])('%s and %s are one route where the parameter is left out or not', async (first, second) => {
  @Controller('/optional')
  class One {
    @Get(first) one() {}
  }
  @Controller('/optional')
  class Two {
    @Get(second) two() {}
  }
  await expect(serve([One, Two])).rejects.toThrow(/^GET \/optional\S* is served by One\.one and again by Two\.two /);
});

test('an optional parameter and another path below it are two routes', async () => {
  @Controller('/optional')
  class Optional {
    @Get('/:id?') one(@Param('id') id?: string) {
      return `one ${id}`;
    }
    @Get('/:id/more') two() {
      return 'two';
    }
  }
  const { send } = await serve([Optional]);
  const texts = await Promise.all(['', '/5', '/5/more'].map(async (path) => (await send(`GET /optional${path}`)).text));
  expect(texts).toEqual(['one undefined', 'one 5', 'two']);
});

test('a prefix with and without a slash at its end is the same', async () => {
  @Controller('/dup2/')
  class First {
    @Get() one() {}
  }
  @Controller('dup2')
  class Second {
    @Get('/') two() {}
  }
  await expect(serve([First, Second])).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_DUPLICATE' });
});

test('paths that the router tells apart are no conflict', async () => {
  @Controller('/apart')
  class Apart {
    @Get('/:id(^\\d+$)') byNumber() {
      return 'number';
    }
    @Get('/:name') byName() {
      return 'name';
    }
    @Post('/:name') post() {
      return 'post';
    }
    @Get('/fixed') fixed() {
      return 'fixed';
    }
  }
  const { send } = await serve([Apart]);
  expect((await send('GET /apart/12')).text).toBe('number');
  expect((await send('GET /apart/ab')).text).toBe('name');
  expect((await send('GET /apart/fixed')).text).toBe('fixed');
});

test('a path that a plugin serves already stops the start and names the class', async () => {
  @Controller()
  class Taken {
    @Get('/taken') get() {}
  }
  const start = serve([Taken], {
    extensions: [() => ({ name: 'taker', server: (fastify: FastifyInstance) => void fastify.get('/taken', async () => 'first') })],
  });
  await expect(start).rejects.toThrow(/^GET \/taken of Taken\.get was not accepted by Fastify: .*declared/);
  await expect(start).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_REFUSED' });
});

test('a component of another kind with routes stops the start', async () => {
  @Service()
  class Misplaced {
    @Get('/x') get() {}
  }
  const start = serve([Misplaced]);
  await expect(start).rejects.toThrow(
    'Misplaced.get has a route decorator, but Misplaced is declared as service. Declare it with @Controller().',
  );
  await expect(start).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_NOT_ON_CONTROLLER' });
});

test('controllers without routes, and routes without a controller, are warned of', async () => {
  @Controller('/empty')
  class Empty {}
  class Forgotten {
    @Get('/x') get() {}
  }
  const { logs } = await serve([Empty]);
  const warnings = logs.filter(({ level }) => level === 40).map(({ msg }) => msg);
  expect(warnings).toContain('Controller Empty has no routes: give its methods @Get(), @Post() or another route decorator.');
  expect(warnings).toContain(`${Forgotten.name} has routes that nothing serves: put @Controller() on it, or on a class that extends it.`);
});

test.each([99, 199, 600, 201.5, Number.NaN])('@HttpCode(%s) stops the start', async (status) => {
  @Controller('/status')
  class Status {
    @Get() @HttpCode(status) get() {}
  }
  const start = serve([Status]);
  await expect(start).rejects.toThrow(`@HttpCode(${status}) on Status.get is not a status. Give an integer from 200 to 599.`);
  await expect(start).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_STATUS' });
});

test('decorators that cannot mean anything throw where they stand', () => {
  const onStatic = () => {
    class OnStatic {
      readonly name = 'x';
      @Get() static get() {}
    }
    return OnStatic;
  };
  expect(onStatic).toThrow('A route decorator is on OnStatic.get. It belongs on an instance method');
  const inConstructor = () => {
    class InConstructor {
      constructor(@Param('id') readonly id: string) {}
    }
    return InConstructor;
  };
  expect(inConstructor).toThrow('is on the constructor of InConstructor');
  const bare = Get as unknown as (target: object, method: string) => void;
  expect(() => bare({}, 'get')).toThrow('was written without parentheses');
  const bareController = Controller as unknown as (target: object) => void;
  expect(() => bareController(class Bare {})).toThrow('@Controller on Bare was written without parentheses. Write @Controller().');
});
