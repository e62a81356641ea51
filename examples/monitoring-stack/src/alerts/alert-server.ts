/** A webhook for alerts. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { linesOf } from './alert-lines.js';

// A group of alerts has a few kilobytes.
const MOST_BYTES = 1024 * 1024;

/** `POST` of the Alertmanager's or Grafana's JSON to any path: 200, and a line for each alert that begins with the path. `GET`: 200, for health checks. */
export function createAlertReceiver(print: (line: string) => void): Server {
  return createServer(async (request, response) => {
    if (request.method === 'GET') return response.end('ok\n');
    if (request.method !== 'POST') return response.writeHead(405, { allow: 'GET, POST' }).end();
    try {
      const lines = linesOf(JSON.parse(await bodyOf(request)));
      for (const line of lines) print(`${request.url?.slice(1) || 'alerts'} ${line}`);
      return response.end();
    } catch (error) {
      return response.writeHead(400).end(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`More than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
