/** `npm start` as it is typed in a clone. */
import { afterEach, expect, it } from 'vitest';
import { ChildProgram } from './support/child-process.js';
import { freePort } from './support/free-port.js';
import { projectPath } from './support/project.js';
import { waitUntil } from './support/wait-until.js';

let program: ChildProgram | undefined;
afterEach(async () => void (await program?.stop()));

it('names the traffic for its port, and a signal to npm stops the server', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  program = new ChildProgram('npm', {
    args: ['--silent', 'start'],
    cwd: projectPath(''),
    environment: { TSUKIMI_SERVER_PORT: new URL(url).port },
  });
  await program.waitForOutput(new RegExp(`npm run traffic -- --url ${url}\n`));
  expect(await (await fetch(url)).text()).toContain('href="/metrics"');
  program.signal('SIGTERM');
  await program.exited;
  await waitUntil('nobody listens', () =>
    fetch(url).then(
      () => false,
      (error) => error.cause?.code === 'ECONNREFUSED',
    ),
  );
  expect(program.output.stdout).toContain('SIGTERM: instrumentation-demo stops');
});
