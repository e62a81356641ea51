/** Which routes can stand beside each other, and which stop the start. */
import { Controller, Get, HttpCode, Param, Post, Service } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

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

test('paths that the router distinguishes do not conflict', async () => {
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
  expect(warnings).toContain(
    `${Forgotten.name} has routes, but is not a controller, so they are not served: put @Controller() on it, or on a class that extends it.`,
  );
});

test('classes without a name are called anonymous in warnings and errors', async () => {
  // Functions would get the name of their variable.
  const [Empty, Forgotten, Misplaced] = [
    class {},
    class {
      get() {}
    },
    class {
      get() {}
    },
  ];
  for (const type of [Empty, Forgotten, Misplaced]) Object.defineProperty(type, 'name', { value: '' });
  for (const { prototype } of [Forgotten, Misplaced]) Get('/x')(prototype, 'get', Object.getOwnPropertyDescriptor(prototype, 'get') ?? {});
  Controller('/empty')(Empty);
  Service()(Misplaced);
  const { logs } = await serve([Empty]);
  const warnings = logs.filter(({ level }) => level === 40).map(({ msg }) => msg);
  expect(warnings).toContain('Controller an anonymous class has no routes: give its methods @Get(), @Post() or another route decorator.');
  expect(warnings).toContain(
    'an anonymous class has routes, but is not a controller, so they are not served: put @Controller() on it, or on a class that extends it.',
  );
  await expect(serve([Misplaced])).rejects.toThrow(
    'an anonymous class.get has a route decorator, but an anonymous class is declared as service.',
  );
});

test.each([99, 199, 600, 201.5, Number.NaN])('@HttpCode(%s) stops the start', async (status) => {
  @Controller('/status')
  class Status {
    @Get() @HttpCode(status) get() {}
  }
  const start = serve([Status]);
  await expect(start).rejects.toThrow(`@HttpCode(${status}) on Status.get is not a valid status. Use an integer from 200 to 599.`);
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
  expect(onStatic).toThrow('A route decorator is on OnStatic.get. Put it on an instance method');
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
