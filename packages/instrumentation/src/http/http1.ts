/**
 * Observes HTTP/1 requests by Node's diagnostics channels. Only these also show requests that get a response before or without Fastify's hooks: 503 while
 * the server closes, 400 for an invalid URL, 417 for an unknown `Expect`.
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

/** The number of servers for which there are listeners. */
let listening = 0;

/**
 * Subscribes to the channels, once for the process. The server of a request identifies its accountings.
 * @returns a function to call once when the server has closed. After the last server, the channels are unsubscribed
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
  // Node also finishes a response whose last bytes were dropped because the client had disconnected.
  if (socket.destroyed) return;
  for (const accounting of accountingsOf(server)) connectionOf(socket, accounting).finish(response);
}
