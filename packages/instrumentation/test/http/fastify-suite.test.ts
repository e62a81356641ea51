/** A part of Fastify's own test suite, with our plugin on every instance as without it; `npm run test:fastify-suite` runs all of it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Those about how requests begin and end, as far as they need nothing that is not installed. */
const FILES = [
  '500s',
  'connection-timeout',
  'constrained-routes',
  'content-length',
  'custom-http-server',
  'handler-timeout',
  'header-overflow',
  'hooks-async',
  'inject',
  'keep-alive-timeout',
  'max-requests-per-socket',
  'reply-early-hints',
  'reply-trailers',
  'request-timeout',
  'route-hooks',
  'stream.1',
  'upgrade',
  'url-rewriting',
].map((file) => `${file}.test.js`);

test('gives the same results', { timeout: 240_000 }, async () => {
  const command = promisify(execFile)(process.execPath, ['scripts/fastify-suite.mjs', '--no-install', '--one-process', ...FILES], {
    cwd: root,
  });
  const { stdout, stderr } = await command.catch((error: { stdout: string; stderr: string }) => error);
  expect(stderr).not.toContain('does not load');
  expect(stdout).toMatch(/^18 files: \d{3} tests pass and 0 fail without the plugin\.$/m);
  expect(stdout).toContain('With it every test ends as expected.');
});
