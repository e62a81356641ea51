/** The built `npm run traffic`, as a program of its own. */
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startNodeProgram } from './support/child-process.js';
import { demoMain, startDemoProgram } from './support/demo-program.js';
import { freePort } from './support/free-port.js';

async function runTraffic(...args: readonly string[]) {
  const program = startNodeProgram(join(dirname(demoMain()), 'traffic.js'), { args });
  const exit = await program.exited;
  return { code: exit.code, ...program.output };
}

it('sends what it is told to, and prints what it sent', async () => {
  const demo = await startDemoProgram();
  try {
    const { code, stdout, stderr } = await runTraffic('--url', demo.url, '--requests', '40', '--rate', '0', '--seed', '3');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe(`40 requests to ${demo.url}, as fast as answers come, seed 3`);
    expect(lines.at(-1)).toMatch(/^total +40$/);
    const requests = lines.slice(1, -1).map((line) => Number(/^(?:GET|POST) +\S+ +\d{3} +(\d+)$/.exec(line)?.[1]));
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(40);
  } finally {
    await demo.program.stop();
  }
});

it('says in one line that nothing listens', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await runTraffic('--url', url);
  const fix = 'Start it with "npm start", or name another address with --url.';
  expect({ code, stderr }).toEqual({ code: 1, stderr: `The demo does not answer at ${url} (ECONNREFUSED). ${fix}\n` });
});

it('refuses in one line to send to another machine', async () => {
  const { code, stdout, stderr } = await runTraffic('--url', 'http://192.0.2.1');
  const line = '--url http://192.0.2.1: not on this machine. Add --allow-remote if that is meant.\n';
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: line });
});
