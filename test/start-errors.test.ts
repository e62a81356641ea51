/** What a user meets who starts the demo with something wrong: one line that says how to fix it, and exit code 1. */
import { once } from 'node:events';
import { appendFile, chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startNodeProgram } from './support/child-process.js';
import { demoMain } from './support/demo-program.js';
import { projectPath } from './support/project.js';

let folder: string;
let configurationFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-start-'));
  configurationFile = join(folder, 'application.yml');
  await cp(dirname(demoMain()), join(folder, 'dist'), { recursive: true });
  await cp(projectPath('examples/instrumentation-demo/application.yml'), configurationFile);
  await cp(projectPath('examples/instrumentation-demo/package.json'), join(folder, 'package.json'));
  await symlink(projectPath('node_modules'), join(folder, 'node_modules'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts the demo, which must end by itself; gives the one line that it printed as an error. */
async function startError(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const program = startNodeProgram(join(folder, 'dist/main.js'), { environment: { TSUKIMI_SERVER_PORT: '0', ...environment } });
  const exit = await program.exited;
  const { stdout, stderr } = program.output;
  expect({ exit, stdout }).toEqual({ exit: { code: 1, signal: null }, stdout: '' });
  expect(stderr).toMatch(/^error TSK_ERR_[A-Z_]+: [^\n]+\n$/);
  return stderr.trim();
}

it('a busy port', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  try {
    const { port } = holder.address() as { readonly port: number };
    const line = await startError({ TSUKIMI_SERVER_PORT: String(port) });
    expect(line).toContain('TSK_ERR_WEB_PORT_IN_USE');
    for (const part of [String(port), 'server.port', 'TSUKIMI_SERVER_PORT']) expect(line).toContain(part);
  } finally {
    holder.close();
  }
});

it('no application.yml', async () => {
  await rm(configurationFile);
  const line = await startError();
  for (const part of [configurationFile, 'Create the file']) expect(line).toContain(part);
});

it.each([
  ['a value that is not closed', 'app: {', /line \d+/],
  ['a tab', 'server:\n\tport: 8000\n', /line 2/],
  ['a key that stands twice', 'server: { port: 1 }\nserver: { port: 2 }\n', /line 2/],
  ['a list in place of keys', '- server\n', /application\.yml/],
])('an application.yml that is broken by %s', async (_what, text, place) => {
  await writeFile(configurationFile, text);
  const line = await startError();
  expect(line).toContain(configurationFile);
  expect(line).toMatch(place);
});

it('an application.yml that may not be read', async () => {
  // Nothing is forbidden to root, but even root cannot follow a link to itself.
  if (process.getuid?.() === 0) {
    await rm(configurationFile);
    await symlink(configurationFile, configurationFile);
  } else {
    await chmod(configurationFile, 0);
  }
  expect(await startError()).toContain(configurationFile);
});

it('an application.yml that is a folder', async () => {
  await rm(configurationFile);
  await mkdir(configurationFile);
  expect(await startError()).toContain(configurationFile);
});

it('an unknown profile', async () => {
  await writeFile(join(folder, 'application-staging.yml'), '');
  const line = await startError({ TSUKIMI_PROFILE: 'stagin' });
  for (const part of ['stagin', 'application-stagin.yml', 'staging']) expect(line).toContain(part);
});

it.each([
  ['server.port', 'a text of 6 characters', { TSUKIMI_SERVER_PORT: 'eighty' }, 'TSUKIMI_SERVER_PORT'],
  ['metrics.allowed_ips[1]', '10.0.0/8', { TSUKIMI_METRICS_ALLOWED_IPS: '127.0.0.1,10.0.0/8' }, 'TSUKIMI_METRICS_ALLOWED_IPS'],
  ['logging.level', 'a text of 4 characters', { TSUKIMI_LOGGING_LEVEL: 'loud' }, 'TSUKIMI_LOGGING_LEVEL'],
])('a wrong %s', async (key, value, environment, source) => {
  const line = await startError(environment);
  for (const part of ['TSK_ERR_', key, value, source]) expect(line).toContain(part);
});

it('a wrong value in a profile, which is named as its source', async () => {
  await appendFile(join(folder, 'application-prod.yml'), 'instrumentation: { sample_interval_ms: soon }\n');
  const line = await startError({ TSUKIMI_PROFILE: 'prod' });
  for (const part of ['instrumentation.sample_interval_ms', 'a text of 4 characters', 'application-prod.yml:1'])
    expect(line).toContain(part);
});
