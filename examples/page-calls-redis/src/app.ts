/** The app. Nothing in this file knows that it is measured. */
import { type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify';

const integer = { type: 'string', pattern: '^-?[0-9]{1,15}$' } as const;

const sumSchema = { params: { type: 'object', required: ['x', 'y'], properties: { x: integer, y: integer } } } as const;

export function createApp(options: FastifyServerOptions = {}): FastifyInstance {
  const app = fastify(options);
  app.get<{ Params: { name: string } }>('/greet/:name', async ({ params }) => `Hello, ${params.name}!\n`);
  app.get<{ Params: { x: string; y: string } }>(
    '/add/:x/:y',
    { schema: sumSchema },
    async ({ params: { x, y } }) => `${Number(x) + Number(y)}\n`,
  );
  return app;
}
