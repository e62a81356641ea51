/** Which instance of a controller serves a request. */
import { Component, Controller, CurrentReply, CurrentRequest, Get, Inject } from '@tsukimi/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

test('a singleton serves all requests, a transient controller none twice', async () => {
  let singletons = 0;
  let transients = 0;
  @Controller('/singleton')
  class Singleton {
    readonly number = ++singletons;
    @Get() get() {
      return { number: this.number };
    }
  }
  @Controller('/transient', { scope: 'transient' })
  class Transient {
    readonly number = ++transients;
    @Get() get() {
      return { number: this.number };
    }
  }
  const { send } = await serve([Singleton, Transient]);
  expect([singletons, transients]).toEqual([1, 0]);
  for (const number of [1, 2, 3]) {
    expect((await send('GET /singleton')).json).toEqual({ number: 1 });
    expect((await send('GET /transient')).json).toEqual({ number });
  }
});

test('components of request scope share one instance per request, and have its request and reply', async () => {
  let made = 0;
  @Component({ scope: 'request' })
  class Visit {
    readonly number = ++made;
    constructor(
      @Inject(CurrentRequest) readonly request: FastifyRequest,
      @Inject(CurrentReply) readonly reply: FastifyReply,
    ) {}
  }
  @Component({ scope: 'request' })
  class Audit {
    constructor(readonly visit: Visit) {}
  }
  @Controller('/scoped', { scope: 'request' })
  class Scoped {
    constructor(
      readonly visit: Visit,
      readonly audit: Audit,
    ) {}
    @Get() get() {
      this.visit.reply.header('x-visit', String(this.visit.number));
      return { same: this.visit === this.audit.visit, url: this.visit.request.url };
    }
  }
  const { send } = await serve([Visit, Audit, Scoped]);
  expect(made).toBe(0);
  const [first, second] = await Promise.all([send('GET /scoped?n=1'), send('GET /scoped?n=2')]);
  expect(first.json).toEqual({ same: true, url: '/scoped?n=1' });
  expect(second.json).toEqual({ same: true, url: '/scoped?n=2' });
  expect([first.headers['x-visit'], second.headers['x-visit']].sort()).toEqual(['1', '2']);
});

test('a constructor that fails for a request is a 500 for that request', async () => {
  @Controller('/failing', { scope: 'request' })
  class Failing {
    constructor(@Inject(CurrentRequest) request: FastifyRequest) {
      if (request.url.endsWith('bad')) throw new Error('secret');
    }
    @Get() get() {
      return 'fine';
    }
  }
  const { send } = await serve([Failing]);
  expect((await send('GET /failing?bad')).json).toEqual({
    statusCode: 500,
    error: 'Internal Server Error',
    message: 'Internal Server Error',
  });
  expect((await send('GET /failing')).text).toBe('fine');
});
