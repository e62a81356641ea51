/** The API as its README shows it: the routes, and the metrics on the API's port and on one of their own. */
import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startNodeProgram } from '../../../test/support/child-process.js';
import { codeBlocksOf } from '../../../test/support/markdown.js';
import { projectPath, projectText } from '../../../test/support/project.js';
import { type CarsServerOptions, createCarsServer } from '../src/server.js';

async function listen(options?: CarsServerOptions): Promise<FastifyInstance> {
  const server = await createCarsServer(options);
  onTestFinished(() => server.close());
  await server.listen({ host: '127.0.0.1', port: 0 });
  return server;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(server: FastifyInstance, request: string, body?: unknown): Promise<Answer> {
  const [method = '', path = ''] = request.split(' ');
  const answer = await fetch(`${server.listeningOrigin}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** The samples whose metric starts with one of these words. */
async function samples(origin: string | undefined, ...words: string[]): Promise<string[]> {
  const text = await (await fetch(`${origin}/metrics/prometheus`)).text();
  return text.split('\n').filter((line) => words.some((word) => line.startsWith(word)));
}

const SUBARU = { model: 'Subaru 360', year: 1958 };

describe('the cars', () => {
  let server: FastifyInstance;

  beforeEach(async () => {
    server = await listen();
  });

  test('are added, listed, changed and removed', async () => {
    expect(await send(server, 'GET /cars')).toEqual({ status: 200, body: [] });
    expect(await send(server, 'POST /cars', SUBARU)).toEqual({ status: 201, body: { id: 1, ...SUBARU } });
    expect(await send(server, 'PATCH /cars/1', { year: 1960 })).toEqual({ status: 200, body: { id: 1, ...SUBARU, year: 1960 } });
    expect(await send(server, 'GET /cars/1')).toEqual({ status: 200, body: { id: 1, ...SUBARU, year: 1960 } });
    expect(await send(server, 'GET /cars')).toEqual({ status: 200, body: [{ id: 1, ...SUBARU, year: 1960 }] });
    expect(await send(server, 'DELETE /cars/1')).toEqual({ status: 204, body: undefined });
    expect(await send(server, 'GET /cars')).toEqual({ status: 200, body: [] });
  });

  test.each([
    ['GET /cars/7', undefined, 404, 'There is no car 7.'],
    ['PATCH /cars/7', { year: 1960 }, 404, 'There is no car 7.'],
    ['DELETE /cars/7', undefined, 404, 'There is no car 7.'],
    ['GET /cars/seven', undefined, 400, 'params/id must be integer'],
    ['POST /cars', { model: 'Subaru 360' }, 400, "body must have required property 'year'"],
    ['POST /cars', { ...SUBARU, year: 1066 }, 400, 'body/year must be >= 1886'],
    ['PATCH /cars/7', {}, 400, 'body must NOT have fewer than 1 properties'],
  ])('%s %o is refused', async (request, body, status, message) => {
    expect(await send(server, request, body)).toMatchObject({ status, body: { message } });
  });
});

const readme = codeBlocksOf(projectText('examples/cars-api/README.md'));
const COUNTED = readme
  .find(({ language }) => language === 'text')
  ?.code.trim()
  .split('\n');

/** What the README sends. */
async function sendAFew(server: FastifyInstance): Promise<void> {
  const commands = readme.filter(({ language }) => language === 'sh').flatMap(({ code }) => code.split('\n'));
  const requests = commands.filter((command) => command.startsWith('curl') && !command.endsWith('/metrics/prometheus'));
  expect(requests).toHaveLength(4);
  for (const request of requests) {
    const [, path = '', body] = /http:\/\/127\.0\.0\.1:8001(\S+)(?:.* -d '(.*)')?$/.exec(request) ?? [];
    if (body === undefined) await send(server, `GET ${path}`);
    else await send(server, `POST ${path}`, JSON.parse(body));
  }
}

async function countedAt(origin: string | undefined): Promise<string[]> {
  const lines = await samples(origin, 'cars_added_total', 'component_calls_total', 'http_requests_total');
  return lines.filter((line) => !line.endsWith(' 0')).sort();
}

describe('the metrics', () => {
  test('are on the API’s port', async () => {
    const server = await listen();
    await sendAFew(server);
    expect(server.metricsOrigin).toBe(server.listeningOrigin);
    expect(await countedAt(server.listeningOrigin)).toEqual(COUNTED);
  });

  test('are on a port of their own, and on that one only', async () => {
    const server = await listen({ metricsPort: 0 });
    await sendAFew(server);
    expect(server.metricsOrigin).not.toBe(server.listeningOrigin);
    expect(await countedAt(server.metricsOrigin)).toEqual(COUNTED);
    expect((await fetch(`${server.listeningOrigin}/metrics/prometheus`)).status).toBe(404);
    expect((await fetch(`${server.metricsOrigin}/cars`)).status).toBe(404);
  });
});

describe('the program', () => {
  test.each([
    ['npm start', ['--port', '0'], true],
    ['npm run start:own-port', ['--port', '0', '--metrics-port', '0'], false],
  ])('%s says where it listens, and stops when it is told', async (_, args, isShared) => {
    await using program = startNodeProgram(projectPath('examples/cars-api/dist/main.js'), { args });
    const [, cars] = await program.waitForOutput(/cars +(\S+)\/cars\n/);
    const [, metrics] = await program.waitForOutput(/scrape +(\S+)\/metrics\/prometheus/);
    expect(metrics === cars).toBe(isShared);
    expect((await fetch(`${cars}/cars`)).status).toBe(200);
    expect((await fetch(`${metrics}/metrics/prometheus`)).status).toBe(200);
    expect(await program.stop()).toEqual({ code: 0, signal: null });
  });
});
