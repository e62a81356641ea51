/** The codes in errors.ts are those of the Instrumentation section in docs/reference/errors.md, and every row says how to mend it. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { projectText } from '../../../test/support/project.js';
import { describeError } from './support/start.js';

const section = /^## Instrumentation$(.*?)(?=^## |(?![\s\S]))/ms.exec(projectText('docs/reference/errors.md'))?.[1] ?? '';

test('both lists are the same', () => {
  const written = [...projectText('packages/instrumentation/src/errors.ts').matchAll(/'(TSK_ERR_[A-Z_]+)'/g)].map(([, code]) => code);
  const documented = [...section.matchAll(/^\| `(TSK_ERR_[A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(written.length).toBeGreaterThan(5);
  expect(new Set(documented).size).toBe(documented.length);
  expect([...documented].sort()).toEqual([...new Set(written)].sort());
});

test('every row has three cells with something in them', () => {
  for (const row of section.split('\n').filter((line) => line.startsWith('| `TSK_'))) {
    const cells = row.split('|').slice(1, -1);
    expect(cells).toHaveLength(3);
    for (const cell of cells) expect(cell.trim().length).toBeGreaterThan(10);
  }
});

test.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  ['text', 'a string'],
  [() => 1, 'a function'],
])('instrument(%s) is refused by name', (target, received) => {
  try {
    instrument(target as object, { registry: new MetricsRegistry() });
    expect.unreachable();
  } catch (error) {
    expect(describeError(error)).toBe(
      `TSK_ERR_INSTRUMENT_TARGET: instrument() was given ${received}. Give it the object whose methods are to be measured, such as new OrderService().`,
    );
  }
});
