/** Every error code of this package is documented, and every documented code exists. */
import { DashboardError } from '@tsukimi/dashboards';
import { expect, test } from 'vitest';
import { projectText } from '../../../test/support/project.js';

const section = /^## Dashboards and rules$(.*?)(?=^## |(?![\s\S]))/ms.exec(projectText('docs/reference/errors.md'))?.[1] ?? '';

test('both lists are the same', () => {
  const written = [...projectText('packages/dashboards/src/errors.ts').matchAll(/'(TSK_ERR_[A-Z_]+)'/g)].map(([, code]) => code);
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

test('an error carries its code, its name and its cause', () => {
  const cause = new Error('why');
  const error = new DashboardError('TSK_ERR_DASHBOARD_URL', 'what', { cause });
  expect(error).toMatchObject({ name: 'DashboardError', code: 'TSK_ERR_DASHBOARD_URL', message: 'what', cause });
});
