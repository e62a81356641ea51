/** What is told of a parameter's type, and what becomes of one of which nothing is told. */
import { Body, Controller, Get, Header, Param, Query } from '@tsukimi/core';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

test('without type metadata a value is text, and a warning says so', async () => {
  class Untyped {
    get(id: unknown, limit: unknown, page: unknown) {
      return { id, limit, page };
    }
  }
  Param('id')(Untyped.prototype, 'get', 0);
  Query('limit')(Untyped.prototype, 'get', 1);
  Query('page', Type.Integer())(Untyped.prototype, 'get', 2);
  Get('/:id')(
    Untyped.prototype,
    'get',
    Object.getOwnPropertyDescriptor(Untyped.prototype, 'get') as TypedPropertyDescriptor<Untyped['get']>,
  );
  Controller('/untyped')(Untyped);
  const { send, logs } = await serve([Untyped]);
  expect((await send('GET /untyped/5?limit=1&page=2')).json).toEqual({ id: '5', limit: '1', page: 2 });
  expect(warningsOf(logs)).toEqual([
    expect.stringMatching(/^Untyped\.get: limit is text, id is text, because|^Untyped\.get: id is text, limit is text, because/),
  ]);
});

const warningsOf = (logs: Awaited<ReturnType<typeof serve>>['logs']) => logs.filter(({ level }) => level === 40).map(({ msg }) => msg);

interface Range {
  readonly from: number;
}
enum Mixed {
  Text = 'text',
  Number = 1,
}

@Controller('/untold')
class Initial {
  @Get('/:v') get(@Param('v') v = 5) {
    return v;
  }
}
@Controller('/untold')
class Flag {
  @Get() get(@Query('v') v = false) {
    return v;
  }
}
@Controller('/untold')
class Since {
  @Get() get(@Query('v', { required: true }) v = new Date(0)) {
    return v;
  }
}
@Controller('/untold')
class Ids {
  @Get() get(@Query('v') v = [1]) {
    return v;
  }
}
@Controller('/untold')
class Missing {
  @Get() get(@Header('v') v: number | undefined) {
    return v;
  }
}
@Controller('/untold')
class Nothing {
  @Get() get(@Query('v', { default: 'x' }) v: string | null) {
    return v;
  }
}
@Controller('/untold')
class Ranged {
  @Get() get(@Query('v') v: Range) {
    return v.from;
  }
}
@Controller('/untold')
class Enumerated {
  @Get() get(@Query('v') v: Mixed) {
    return v;
  }
}

test.each([Initial, Flag, Since, Ids, Missing, Nothing, Ranged, Enumerated])(
  'where the compiler does not tell the type, the start says so: %o',
  async (shape) => {
    await expect(serve([shape])).rejects.toMatchObject({
      code: 'TSK_ERR_WEB_ROUTE_PARAMETER_TYPE',
      message: expect.stringMatching(
        new RegExp(
          `^Parameter v of ${shape.name}\\.get would receive text, .*"limit: number = 5" or "limit\\?: number".*@(Query|Header|Param)\\('v', Type\\.Integer\\(\\)\\)`,
        ),
      ),
    });
  },
);

test('a schema, or a type that is told, is enough; of arrays a warning says that their items are text', async () => {
  @Controller('/told')
  class Told {
    @Get('/:id') get(
      @Param('id') id: number,
      @Query('limit') limit: number = 5,
      @Query('count', Type.Optional(Type.Integer())) count: number | undefined = undefined,
      @Query('sort') sort?: 'asc' | 'desc',
      @Query('ids', Type.Array(Type.Integer())) ids: number[] = [],
    ) {
      return { id, limit, count, sort, ids };
    }
  }
  const { send, logs } = await serve([Told]);
  expect((await send('GET /told/1?limit=2&count=3&sort=asc&ids=4')).json).toEqual({ id: 1, limit: 2, count: 3, sort: 'asc', ids: [4] });
  expect(warningsOf(logs)).toEqual([]);
  @Controller('/lists')
  class Lists {
    @Get() get(@Query('ids') ids?: number[], @Query('tags', Type.Array(Type.String())) tags?: string[]) {
      return { ids, tags };
    }
  }
  const lists = await serve([Lists]);
  expect(warningsOf(lists.logs)).toEqual([
    expect.stringMatching(/^Lists\.get: the items of ids are text, because the compiler emits no type\./),
  ]);
});

test('all values of a part are not one', async () => {
  @Controller('/w')
  class Nameless {
    @Get('/:id') get(@Param() id: number) {
      return id;
    }
  }
  await expect(serve([Nameless])).rejects.toMatchObject({
    code: 'TSK_ERR_WEB_ROUTE_PARAMETER_TYPE',
    message:
      "Parameter 0 of Nameless.get is declared as Number, but @Param() without a name passes all values as an object. Name the value: @Param('id').",
  });
});

class Money {}

test('what cannot work stops the start, naming class, method and parameter', async () => {
  @Controller('/w')
  class NoDecorator {
    @Get() get(_query: string) {}
  }
  await expect(serve([NoDecorator])).rejects.toMatchObject({
    code: 'TSK_ERR_WEB_ROUTE_PARAMETER_UNDECORATED',
    message:
      'Parameter 0 of NoDecorator.get has no decorator that says where its value comes from. Put @Param(), @Query(), @Header(), @Body(), @Req() or @Reply() on it.',
  });
  @Controller('/w')
  class TwoDecorators {
    @Get() get(@Query('a') @Header('a') _a: string) {}
  }
  await expect(serve([TwoDecorators])).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_PARAMETER_TWICE' });
  @Controller('/w')
  class UnknownName {
    @Get('/:id') get(@Param('userId') _id: string) {}
  }
  await expect(serve([UnknownName])).rejects.toMatchObject({
    code: 'TSK_ERR_WEB_ROUTE_PARAMETER_UNKNOWN',
    message: "@Param('userId') of UnknownName.get names nothing in /w/:id, which has id. Write :userId in the path, or change the name.",
  });
  @Controller('/w')
  class UnknownType {
    @Get() get(@Query('price') _price: Money) {}
  }
  await expect(serve([UnknownType])).rejects.toMatchObject({
    code: 'TSK_ERR_WEB_ROUTE_PARAMETER_TYPE',
    message: expect.stringContaining('Parameter price of UnknownType.get is declared as Money, and text cannot be converted to that type.'),
  });
  @Controller('/w')
  class BodyOnGet {
    @Get() get(@Body() _body: unknown) {}
  }
  await expect(serve([BodyOnGet])).rejects.toMatchObject({
    code: 'TSK_ERR_WEB_ROUTE_BODY',
    message: expect.stringContaining('BodyOnGet.get has a @Body parameter, but serves GET /w'),
  });
});
