/** HTTP by hand over a real socket: what is sent and what comes back, byte for byte. */
import { connect } from 'node:net';

export interface RawRequest {
  readonly port: number;
  readonly method?: string;
  /** The request target as it stands in the first line. */
  readonly target: string;
  /** Header lines beside Host and Connection. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** The address the client speaks from. */
  readonly from?: string;
  /** The address it speaks to; 127.0.0.1 unless told. */
  readonly to?: string;
}

/** The whole answer as text, with one character for each byte. */
export function exchange(request: RawRequest): Promise<string> {
  const { port, from, to = '127.0.0.1' } = request;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: to, ...(from !== undefined && { localAddress: from }) });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    // Not `end`: Node cuts off an answer that is still being made when its client has closed its half of the connection.
    socket.write(requestText(request));
  });
}

/** The status of the answer. */
export async function statusOf(request: RawRequest): Promise<number> {
  const answer = await exchange(request);
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

function requestText({ method = 'GET', target, headers = [], body = '' }: RawRequest): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, ...length];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
