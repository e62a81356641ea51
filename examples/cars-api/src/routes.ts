/** The routes of the API. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Counter } from 'tsukimi';
import { carChangesSchema, carParamsSchema, type NewCar, newCarSchema } from './car.js';
import type { Garage } from './garage.js';

interface ById {
  Params: { id: number };
}

export interface RouteParts {
  readonly garage: Garage;
  /** The one metric that is counted by hand. */
  readonly carsAdded: Counter<'decade'>;
}

export function addRoutes(server: FastifyInstance, { garage, carsAdded }: RouteParts): void {
  server.get('/cars', async () => garage.all());

  server.post<{ Body: NewCar }>('/cars', { schema: { body: newCarSchema } }, async ({ body }, reply) => {
    const car = garage.add(body);
    // Of a label there should be few values: the decade, not the year and least of all the id.
    carsAdded.inc({ decade: `${Math.floor(car.year / 10) * 10}s` });
    return reply.code(201).send(car);
  });

  server.get<ById>('/cars/:id', { schema: { params: carParamsSchema } }, async ({ params }, reply) => {
    return garage.find(params.id) ?? notFound(reply, params.id);
  });

  server.patch<ById & { Body: Partial<NewCar> }>(
    '/cars/:id',
    { schema: { params: carParamsSchema, body: carChangesSchema } },
    async ({ params, body }, reply) => garage.change(params.id, body) ?? notFound(reply, params.id),
  );

  server.delete<ById>('/cars/:id', { schema: { params: carParamsSchema } }, async ({ params }, reply) => {
    return garage.remove(params.id) ? reply.code(204).send() : notFound(reply, params.id);
  });
}

function notFound(reply: FastifyReply, id: number): FastifyReply {
  return reply.code(404).send({ statusCode: 404, error: 'Not Found', message: `There is no car ${id}.` });
}
