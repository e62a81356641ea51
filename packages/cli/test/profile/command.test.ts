/** `tsukimi profile`: its table, its files, and what it fails with. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../../test/support/free-port.js';
import { emptyFolder } from '../support/folders.js';
import { runTsukimi } from '../support/run-tsukimi.js';

async function startApplication(
  options: { readonly allowedIps?: readonly string[]; readonly profile?: { readonly enabled: boolean } } = {},
) {
  const registry = new MetricsRegistry();
  const app = fastify();
  await app.register(httpInstrumentation, { registry, processMetrics: false, ...options });
  const moon = instrument(
    {
      phase: () => {
        const end = performance.now() + 5;
        while (performance.now() < end);
      },
    },
    { component: 'Moon\u001B[2J', registry },
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const timer = setInterval(moon.phase, 10);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await app.close();
    },
  };
}

describe('tsukimi profile', () => {
  it('prints the CPU by method and saves a file for DevTools, without escape codes from outside', async () => {
    await using application = await startApplication();
    const cwd = await emptyFolder();
    const { stdout, stderr, exitCode } = await runTsukimi(['profile', 'cpu', application.url, '-s', '0.5'], { cwd });
    expect({ stderr, exitCode }).toEqual({ stderr: 'Taking a cpu profile for 0.5 s.\n', exitCode: 0 });
    expect(stdout).toMatch(/^[\d.]+ ms used, [\d.]+ % of the time, from \d+ samples in /);
    expect(stdout).toMatch(/^Moon\uFFFD\[2J\.phase +[\d.]+ ms +[\d.]+ %/m);
    expect(stdout).not.toContain('\u001B');
    const [, name = ''] = /^Saved as (.*)$/m.exec(stdout) ?? [];
    expect(name).toMatch(/^cpu-\d{8}T\d{6}Z\.cpuprofile$/);
    expect(JSON.parse(await readFile(join(cwd, name), 'utf8')).nodes.length).toBeGreaterThan(0);
  });

  it('prints the memory, and saves a file for pprof where it is told to', async () => {
    await using application = await startApplication();
    const cwd = await emptyFolder();
    const words = ['profile', 'heap', application.url, '-s', '0.1', '-f', 'pprof', '-o', 'mine.pb.gz'];
    const { stdout } = await runTsukimi(words, { cwd });
    expect(stdout).toMatch(/^[\d.]+ MiB in use, from \d+ samples in /);
    expect(gunzipSync(await readFile(join(cwd, 'mine.pb.gz'))).length).toBeGreaterThan(0);
    expect(await readdir(cwd)).toEqual(['mine.pb.gz']);
  });

  it('repeats why the application refuses', async () => {
    await using application = await startApplication({ profile: { enabled: false } });
    const { stderr, exitCode } = await runTsukimi(['profile', 'cpu', application.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('TSK_ERR_PROFILE_REFUSED');
    expect(stderr).toContain('answered with status 403: There are no profiles here: they are switched off.');
  });

  it('says what is wrong with an address', async () => {
    await using application = await startApplication({ allowedIps: ['10.0.0.1'] });
    const run = async (...words: string[]) => await runTsukimi(['profile', ...words]);
    expect((await run('cpu', application.url)).stderr).toContain('TSK_ERR_REMOTE_STATUS');
    expect((await run('cpu', `127.0.0.1:${await freePort()}`)).stderr).toContain('TSK_ERR_REMOTE_UNREACHABLE');
    expect((await run('cpu', 'http://')).exitCode).toBe(2);
    expect((await run('disk', application.url)).exitCode).toBe(2);
    expect((await run('cpu', application.url, '-s', '61')).stderr).toContain('Use a number from 0.1 to 60.');
  });

  it('says if the file cannot be written', async () => {
    await using application = await startApplication();
    const words = ['profile', 'heap', application.url, '-s', '0.1', '-o', 'no/such/folder'];
    expect((await runTsukimi(words, { cwd: await emptyFolder() })).stderr).toContain('TSK_ERR_PROFILE_FILE');
  });
});
