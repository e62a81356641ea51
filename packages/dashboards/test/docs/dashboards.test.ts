/** The guide on dashboards and the package's README say what there is, and their snippets run. */
import { buildDashboard, catalogueFamilies, type RuleFile } from '@tsukimi/dashboards';
import { describe, expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { outlineOf, queriesOf } from '../support/panels.js';

type Model = ReturnType<typeof buildDashboard>;

describe('docs/guides/dashboards.md', async () => {
  const page = await importSnippets('docs/guides/dashboards.md', import.meta.url);

  test('has the rows, in order', () => {
    const table = page.text.split('| row |')[1]?.split('\n\n')[0] ?? '';
    const rows = [...table.matchAll(/^\| ([A-Z][^|]*) \|/gm)].map(([, title]) => title);
    const postgres = { name: 'db_query_duration_seconds', type: 'histogram', help: '', labelNames: [], series: [] } as const;
    expect(rows).toEqual([...Object.keys(outlineOf(buildDashboard({ families: [postgres] }))), 'Custom metrics']);
  });

  test('makes a dashboard from a registry', () => {
    const model: Model = JSON.parse(page.exported<string>('json'));
    expect(model).toMatchObject({ title: 'Uploads', uid: 'uploads', time: { from: 'now-6h' } });
    expect(outlineOf(model)['Custom metrics']).toEqual(['upload_duration_seconds, percentiles', 'upload_duration_seconds, spread']);
  });

  test('makes one from metrics that nothing exposes yet', () => {
    expect(queriesOf(page.exported<Model>('dashboard'), 'queue_length')).toEqual(['queue_length{job=~"$job", instance=~"$instance"}']);
  });
});

describe('README.md', async () => {
  const page = await importSnippets('packages/dashboards/README.md', import.meta.url);

  test('makes a dashboard and rules', () => {
    expect(JSON.parse(page.exported<string>('dashboard'))).toMatchObject({ uid: 'tsukimi' });
    expect(page.exported<RuleFile[]>('rules').map(({ fileName }) => fileName)).toContain('http.yml');
    expect(catalogueFamilies().length).toBeGreaterThan(40);
  });
});
