/** The built demo stops on a signal: it finishes what it has begun and takes on nothing new. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type DemoProgram, startDemoProgram } from './support/demo-program.js';
import { waitUntil } from './support/wait-until.js';

const BODY = '{"username":"tsuki","email":"tsuki@example.com"}';

let demo: DemoProgram | undefined;
afterEach(async () => void (await demo?.program.stop()));

/** A request whose body has begun: the demo has it, and cannot answer it yet. */
async function beginRequest(target: string): Promise<{ socket: Socket; received: () => string }> {
  const [host = '', port] = target.split(':');
  const socket = connect(Number(port), host);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  const head = [
    `POST /api/users HTTP/1.1`,
    `Host: ${target}`,
    'Content-Type: application/json',
    `Content-Length: ${BODY.length}`,
    'Expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${BODY.slice(0, 10)}`);
  await waitUntil('the demo has the request', () => received.includes('100 Continue'));
  return { socket, received: () => received };
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s it answers the request that is running, refuses new ones, and ends with exit code 0',
  async (signal) => {
    demo = await startDemoProgram();
    const { url, target, program } = demo;
    const { socket, received } = await beginRequest(target);
    program.signal(signal);
    await waitUntil('the port is closed', () =>
      fetch(url).then(
        () => false,
        (error) => error.cause?.code === 'ECONNREFUSED',
      ),
    );

    socket.write(BODY.slice(10));
    await once(socket, 'close');
    expect(received()).toMatch(/HTTP\/1\.1 201 Created\r\n/);
    expect(received()).toMatch(/\r\n\r\n\{"id":1,"username":"tsuki","email":"tsuki@example\.com"\}$/);
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(program.output.stderr).toBe('');
  },
);

it('ends at once where nothing is running, though clients keep their connections open', async () => {
  demo = await startDemoProgram();
  const { url, program } = demo;
  expect((await fetch(`${url}/api/users`)).status).toBe(200);
  const start = performance.now();
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - start).toBeLessThan(5_000);
});
