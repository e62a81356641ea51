/** `npm run example:monitoring-stack`, and what is left of its PostgreSQL when it ends, however it ends. */
import { existsSync } from 'node:fs';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { ChildProgram, startNodeProgram } from '../../../test/support/child-process.js';
import { freePort } from '../../../test/support/free-port.js';
import { projectPath } from '../../../test/support/project.js';
import { waitUntil } from '../../../test/support/wait-until.js';

let program: ChildProgram | undefined;
afterEach(async () => void (await program?.stop()));

/** Waits until the application listens, and returns where, and where its database keeps its data. */
async function started(running: ChildProgram): Promise<{ readonly url: string; readonly database: string; readonly folder: string }> {
  program = running;
  const database = await waitUntil('the database', () => /psql (postgres:\S+)/.exec(running.output.stdout)?.[1], { timeoutMs: 60_000 });
  const [, url = ''] = /(http:\S+)\/green/.exec(running.output.stdout) ?? [];
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query('SHOW data_directory');
  await client.end();
  return { url, database, folder: rows[0].data_directory };
}

async function isGone({ database, folder }: { readonly database: string; readonly folder: string }): Promise<void> {
  await waitUntil('the data is removed', () => !existsSync(folder));
  const client = new pg.Client({ connectionString: database });
  await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
}

const environmentOf = async () => ({ TSUKIMI_SERVER_PORT: String(await freePort()) });

describe('the application on a PostgreSQL of its own', () => {
  it('as it is typed: serves and logs, and a signal to npm ends all of it', { timeout: 120_000 }, async () => {
    const running = new ChildProgram('npm', {
      args: ['--silent', 'run', 'example:monitoring-stack'],
      cwd: projectPath(''),
      environment: await environmentOf(),
    });
    const place = await started(running);
    const statuses = [];
    for (const path of ['/', '/green', '/red', '/nowhere']) statuses.push((await fetch(`${place.url}${path}`)).status);
    expect(statuses).toEqual([200, 200, 500, 404]);
    const logged = (await (await fetch(`${place.url}/requests`)).json()) as { route: string; status: number; requests: number }[];
    expect(logged.map(({ route, status, requests }) => [route, status, requests])).toEqual([
      ['/', 200, 1],
      ['/green', 200, 1],
      ['/red', 500, 1],
      ['<unmatched>', 404, 1],
    ]);
    expect(await (await fetch(`${place.url}/metrics/prometheus?name[]=app_info`)).text()).toContain(
      'app_info{name="monitoring-stack",version="1.0.0"} 1',
    );
    running.signal('SIGTERM');
    await running.exited;
    await isGone(place);
    // Rows that were on their way were written before the database ended.
    expect(running.output.stdout).not.toContain('Requests are not logged');
    expect(running.output.stderr).toBe('');
  });

  // SIGKILL can't be handled; SIGQUIT nobody handles.
  it.each(['SIGKILL', 'SIGQUIT'] as const)('leaves no PostgreSQL behind when %s ends it', { timeout: 120_000 }, async (signal) => {
    const running = startNodeProgram(projectPath('examples/monitoring-stack/dist/local.js'), { environment: await environmentOf() });
    const place = await started(running);
    running.signal(signal);
    expect((await running.exited).signal).toBe(signal);
    await isGone(place);
  });
});
