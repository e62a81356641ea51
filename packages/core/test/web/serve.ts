/** Starts an application of some components, for the tests beside this file. */
import { Application, type ApplicationOptions, type ConcreteClass, createApplication } from '@tsukimi/core';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { onTestFinished } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
  /** The parsed body. */
  readonly json: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

export interface Served {
  readonly app: Awaited<ReturnType<typeof createApplication>>;
  readonly logs: readonly LogLine[];
  /** Sends a request: `GET /path`, and what else there is to it. */
  send(line: string, options?: InjectOptions): Promise<Answer>;
}

export async function serve(components: readonly ConcreteClass[], options: ApplicationOptions = {}): Promise<Served> {
  @Application({ components })
  class App {}
  const logs: LogLine[] = [];
  const app = await createApplication(App, {
    configuration: { server: { port: 0 } },
    environment: {},
    logger: { stream: { write: (line: string) => logs.push(JSON.parse(line)) } },
    ...options,
  });
  onTestFinished(() => app.close());
  const send = async (line: string, injected: InjectOptions = {}): Promise<Answer> => {
    const [method = 'GET', url = '/'] = line.split(' ');
    const response = await app.inject({ method: method as 'GET', url, ...injected });
    const header = response.headers['content-type'];
    const type = header === undefined ? undefined : String(header);
    const json: unknown = type?.includes('json') === true && response.body !== '' ? JSON.parse(response.body) : undefined;
    return { status: response.statusCode, type, text: response.body ?? '', json, headers: response.headers };
  };
  return { app, logs, send };
}

/** The body of a 400 for one field. */
export function invalid(part: string, field: string, message: string): unknown {
  const pointer = field === '' ? '' : `/${field.replaceAll('.', '/')}`;
  return {
    statusCode: 400,
    error: 'Bad Request',
    message: `${part}${pointer} ${message}`,
    code: 'TSK_ERR_WEB_REQUEST_INVALID',
    field,
    errors: [{ in: part, field, message }],
  };
}

/** What clients are told of an error that is none of their business. */
export const INTERNAL = { statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' };

/** Options of an application whose extension prepares the server. */
export function withServer(prepare: (fastify: FastifyInstance) => unknown): ApplicationOptions {
  const server = async (fastify: FastifyInstance): Promise<void> => {
    await prepare(fastify);
  };
  return { extensions: [() => ({ name: 'test', server })] };
}
