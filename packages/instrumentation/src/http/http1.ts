/**
 * Hears from Node itself of HTTP/1 requests: the one place that also sees those that are answered before, or without, Fastify's hooks: with 503 while
 * the server closes, with 400 for a URL that can't be read, with 417 for an `Expect` that nobody knows.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accountingsOf, forgetStrangers } from './accounted-servers.js';
import { connectionOf } from './connection.js';

/** @see https://nodejs.org/api/diagnostics_channel.html#http */
interface HttpMessage {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: object;
}

const CHANNELS = { 'http.server.request.start': begin, 'http.server.response.finish': finish } as const;

/** The servers that it is listened for. */
let listening = 0;

/**
 * Listens to the channels, once for the process: they are Node's own, and it is the server that says whose a request is.
 * @returns what is to be called once, when the server has closed: after the last one, nothing is listened to
 */
export function listenToHttp1(): () => void {
  listening += 1;
  if (listening === 1) for (const [channel, hear] of Object.entries(CHANNELS)) subscribe(channel, hear);
  return () => {
    listening -= 1;
    if (listening > 0) return;
    for (const [channel, hear] of Object.entries(CHANNELS)) unsubscribe(channel, hear);
    forgetStrangers();
  };
}

function begin(message: unknown): void {
  const { response, socket, server } = message as HttpMessage;
  for (const accounting of accountingsOf(server)) connectionOf(socket, accounting).begin(response);
}

function finish(message: unknown): void {
  const { response, socket, server } = message as HttpMessage;
  // Node also finishes a response whose last bytes were dropped because their client had gone.
  if (socket.destroyed) return;
  for (const accounting of accountingsOf(server)) connectionOf(socket, accounting).finish(response);
}
