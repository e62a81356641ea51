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
