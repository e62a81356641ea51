/** Observes HTTP/2 requests by the server's streams. */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { FastifyInstance } from 'fastify';
import type { HttpAccounting, OpenRequest } from './accounting.js';

type AccountedStream = ServerHttp2Stream & { [key: symbol]: OpenRequest | undefined };

/** Begins and ends the requests of an HTTP/2 server. Other servers do not emit the event. */
export function listenToHttp2({ server }: FastifyInstance, accounting: HttpAccounting): void {
  const prepend = server.prependListener as unknown as (
    event: string,
    listener: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  ) => void;
  prepend.call(server, 'stream', (stream, headers) => beginStream(stream, accounting, String(headers[':method'])));
}

/** Begins the request of a stream, and ends it with the stream. */
export function beginStream(stream: ServerHttp2Stream, accounting: HttpAccounting, method: string | undefined): OpenRequest {
  const open = accounting.begin(method, stream);
  (stream as AccountedStream)[accounting.requestKey] = open;
  accounting.resetStreams.watch(stream, () => accounting.abort(open));
  stream.once('close', () => {
    const status = stream.sentHeaders?.[':status'];
    // Node's response also emits `finish` if the stream was reset, so check the stream.
    const isWhole = stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    if (isWhole && status !== undefined) accounting.finish(open, Number(status));
    else accounting.abort(open);
  });
  return open;
}

/** Returns the open request of a stream on a counted server. */
export function requestOfStream(stream: ServerHttp2Stream, { requestKey }: HttpAccounting): OpenRequest | undefined {
  return (stream as AccountedStream)[requestKey];
}
