/** The endpoints in the primary: for requests that workers pass on, and with `metrics.port` for clients. */
import type { PrimaryHost } from '@tsukimi/core';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { allowedAddresses } from '../endpoints/allowlist.js';
import { addEndpoints, type EndpointOptions } from '../endpoints/routes.js';
import { ENDPOINTS, type PassedRequest, type PassedResponse } from './channels.js';

/** What is served to every client. */
export type SharedEndpoints = Omit<EndpointOptions, 'closing'>;

/** Answers what workers pass on. They have checked that the client may read the endpoints, and limit the scrapes in flight. */
export async function answerWorkers({ workers, logger }: PrimaryHost, options: SharedEndpoints): Promise<FastifyInstance> {
  const server = fastify({ loggerInstance: logger, logController: new LogController({ disableRequestLogging: true }) });
  const everyone = { ...options.access, allowed: allowedAddresses([], { key: '', source: '' }) };
  await addEndpoints(server, {
    ...options,
    access: everyone,
    limits: { ...options.limits, maxInFlight: Number.MAX_SAFE_INTEGER },
    closing: new AbortController(),
  });
  await server.ready();
  workers.onAsked(ENDPOINTS, async (message): Promise<PassedResponse> => {
    const { method, url, headers } = message as PassedRequest;
    const { statusCode, headers: answered, rawPayload } = await server.inject({ method: method as 'GET', url, headers });
    return { status: statusCode, headers: kept(answered), body: rawPayload };
  });
  return server;
}

/** Those that say what the body is. The worker's server has its own for the connection. */
const KEPT = ['content-type', 'content-encoding', 'retry-after'];

function kept(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));
}
