/** The answer to a push is read as far as it is worth reading. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answerOf } from '../../src/push/answer.js';

async function responseOf(answer: (response: ServerResponse) => void): Promise<Response> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

test('all of a short one', async () => {
  const response = await responseOf((answer) => answer.end('why not'));
  expect((await answerOf(response)).toString()).toBe('why not');
});

test('the beginning of one without end', async () => {
  const response = await responseOf((answer) => {
    const text = 'x'.repeat(10_000);
    const more = (error?: Error | null): void => {
      if (error == null && !answer.destroyed) answer.write(text, more);
    };
    more();
  });
  const { length } = await answerOf(response);
  expect(length).toBeGreaterThan(64 * 1024);
  expect(length).toBeLessThan(1024 * 1024);
});

test('what came of one that breaks off, or of none at all', async () => {
  const broken = await responseOf((answer) => {
    answer.writeHead(503, { 'content-length': 100 }).write('half', () => answer.destroy());
  });
  // fetch drops what has come if the end comes before it was read.
  expect('half').toContain((await answerOf(broken)).toString());
  expect((await answerOf(new Response(null, { status: 204 }))).toString()).toBe('');
});
