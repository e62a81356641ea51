/** docs/guides/write-an-exporter.md: its exporter passes the compatibility kit, and runs in an application. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExtensionFactory } from '@tsukimi/core';
import { type ExporterUnderTest, exporterSuite } from '@tsukimi/metrics/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectText } from '../../../../test/support/project.js';
import { instrumentedApplication, start } from '../support/start.js';

const blocks = codeBlocksOf(projectText('docs/guides/write-an-exporter.md')).filter(({ language }) => language === 'ts');

// The snippets are modules that import each other, under the names in their first lines.
const folder = new URL('./snippets-of-write-an-exporter/', import.meta.url);
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
afterAll(() => rm(folder, { recursive: true, force: true }));
for (const { code } of blocks) {
  const [, name = ''] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
  await writeFile(new URL(name, folder), code);
}
const load = async <T>(name: string): Promise<T> => (await import(/* @vite-ignore */ fileURLToPath(new URL(name, folder)))) as T;

describe('the exporter of the guide', async () => {
  const { subject } = await load<{ subject: ExporterUnderTest }>('json-lines-under-test.ts');

  test.each(exporterSuite(subject).filter(({ excused }) => excused === undefined))('$name', ({ run }) => run(), 60_000);

  test('is excused from what a file can not do', () => {
    const excused = exporterSuite(subject).filter((each) => each.excused !== undefined);
    expect(excused.map(({ name }) => name)).toEqual([
      'the other side is slow',
      'the other side takes a push, but its answer is lost',
      'it stops within its limit if the other side does not answer',
      'no log line, error or metric contains the credentials: the other side is slow',
    ]);
  });

  test('has about 60 lines', () => {
    expect(blocks[0]?.code.trim().split('\n').length).toBeLessThanOrEqual(65);
  });
});

test('runs in an application, as the guide configures it', async () => {
  const { jsonLines } = await load<{ jsonLines: ExtensionFactory }>('json-lines.ts');
  const temporary = await mkdtemp(join(tmpdir(), 'json-lines-'));
  const path = join(temporary, 'metrics.jsonl');
  const App = instrumentedApplication([], { extensions: [jsonLines] });
  const { app } = await start(App, { configuration: { json_lines: { path, interval_ms: 5000 } } });
  await app.close();
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).sequence)).toEqual(lines.map((_, index) => index + 1));
  expect(lines[0]).toContain('"name":"system_uptime_seconds"');
  await rm(temporary, { recursive: true });
});
