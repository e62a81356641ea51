/**
 * Hears from Node itself of HTTP/1 requests: the one place that also sees those that are answered before, or without, Fastify's hooks: with 503 while
 * the server closes, with 400 for a URL that can't be read, with 417 for an `Expect` that nobody knows.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accountingsOf } from './accounted-servers.js';
import { connectionOf } from './connection.js';

/** @see https://nodejs.org/api/diagnostics_channel.html#http */
interface HttpMessage {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: object;
}

let isListening = false;

/** Listens to the channels, once for the process: they are Node's own, and it is the server that says whose a request is. */
export function listenToHttp1(): void {
  if (isListening) return;
  isListening = true;
  subscribe('http.server.request.start', (message) => begin(message as HttpMessage));
  subscribe('http.server.response.finish', (message) => finish(message as HttpMessage));
}

function begin({ response, socket, server }: HttpMessage): void {
  for (const accounting of accountingsOf(server)) connectionOf(socket, accounting).begin(response);
}

function finish({ response, socket, server }: HttpMessage): void {
  // Node also finishes a response whose last bytes were dropped because their client had gone.
  if (socket.destroyed) return;
  for (const accounting of accountingsOf(server)) connectionOf(socket, accounting).finish(response);
}
