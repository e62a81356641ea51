/** Passes on requests to the endpoints from a worker to the primary, which has the totals. */
import type { WorkerLink } from '@tsukimi/core';
import type { FastifyReply } from 'fastify';
import { ENDPOINTS, type PassedRequest, type PassedResponse } from './channels.js';
import { noTotals } from './errors.js';

/** How long the primary may take: it waits for workers for 250 ms at most. */
const ANSWER_MS = 10_000;

/** The headers on which the answer depends. */
const PASSED_HEADERS = ['accept', 'accept-encoding'] as const;

/** Returns what answers requests with the totals. */
export function passingOn(link: WorkerLink, path: string): (reply: FastifyReply, below: string) => Promise<unknown> {
  return async (reply, below) => {
    const { method, url = '', headers } = reply.request.raw;
    const query = url.indexOf('?');
    const passed: PassedRequest = {
      method: method ?? 'GET',
      // The application may have a prefix.
      url: `${path}${below}${query === -1 ? '' : url.slice(query)}`,
      headers: Object.fromEntries(PASSED_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]))),
    };
    try {
      const answer = (await link.ask(ENDPOINTS, passed, { timeoutMs: ANSWER_MS })) as PassedResponse;
      reply.code(answer.status).headers(answer.headers);
      return Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength);
    } catch (cause) {
      const error = noTotals(cause);
      reply.log.warn({ code: error.code, err: cause }, error.message);
      reply.code(503).type('text/plain; charset=utf-8').header('retry-after', '1');
      return `${error.message}\n`;
    }
  };
}
