/** The benchmarks run, all of them; how fast they are is for `npm run bench` on a quiet machine to say. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectPath } from './support/project.js';
import { requireBinary } from './support/server-binary.js';

const [wrk, redis] = [requireBinary('wrk'), requireBinary('redis-server')];
const run = promisify(execFile);

describe.skipIf(wrk.skipReason ?? redis.skipReason)('npm run bench, in its quick mode', () => {
  it('gives a row for every budget', async () => {
    const main = projectPath('benchmarks/dist/main.js');
    const { stdout } = await run(process.execPath, [main, '--quick'], { env: { ...process.env, NODE_OPTIONS: '' } });
    const rows = stdout.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what |'));
    expect(rows.filter((row) => /NaN|skipped|undefined/.test(row))).toEqual([]);
    expect(rows).toHaveLength(84);
  }, 600_000);
});
