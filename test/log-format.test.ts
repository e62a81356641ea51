/** The log of the built demo: lines for people on a terminal, JSON for programs. */
import { afterEach, describe, expect, it } from 'vitest';
import { demoMain, startDemoProgram } from './support/demo-program.js';
import { requireBinary } from './support/server-binary.js';
import { startTerminal } from './support/terminal.js';

const JSON_LINE = /^\{"level":30,.*"msg":"instrumentation-demo listens on /m;
const PRETTY_LINE = /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: instrumentation-demo listens on http:\/\/127\.0\.0\.1:\d+/m;

const running: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each[Symbol.asyncDispose]();
});

it.each([
  ['auto', JSON_LINE],
  ['pretty', PRETTY_LINE],
])('off a terminal, logging.format %s', async (format, line) => {
  const { program } = await startDemoProgram({ TSUKIMI_LOGGING_FORMAT: format });
  running.push(program);
  expect(program.output.stdout).toMatch(line);
});

it('a format that is none stops the start', async () => {
  await expect(startDemoProgram({ TSUKIMI_LOGGING_FORMAT: 'colourful' })).rejects.toThrow(
    /error TSK_ERR_CONFIGURATION_VALUE: logging\.format: a text of 9 characters is not allowed .* Allowed: one of .*auto.*, .*json.*, .*pretty/,
  );
});

describe.skipIf(requireBinary('tmux').skipReason)('on a terminal', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['is for people', {}, PRETTY_LINE],
    ['is JSON in CI', { CI: 'true' }, JSON_LINE],
    ['is JSON in production', { NODE_ENV: 'production' }, JSON_LINE],
  ])('%s', async (_what, environment, line) => {
    const terminal = await startTerminal([process.execPath, demoMain()], {
      columns: 200,
      rows: 40,
      environment: { TSUKIMI_SERVER_PORT: '0', ...environment },
    });
    running.push(terminal);
    expect(await terminal.waitForScreen((screen) => screen.includes('The demo is running'))).toMatch(line);
  });
});
