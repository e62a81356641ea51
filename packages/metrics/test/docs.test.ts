/** Every example in the reference and the README is type-checked and run, and prints what stands below it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatWithOptions } from 'node:util';
import { describe, expect, test } from 'vitest';

interface Example {
  readonly title: string;
  readonly code: string;
  readonly output: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = ['docs/reference/metrics.md', 'packages/metrics/README.md'];
const modules: Readonly<Record<string, () => Promise<object>>> = {
  '@tsukimi/metrics': () => import('@tsukimi/metrics'),
  'prom-client': () => import('prom-client'),
};

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const examples = examplesIn(text);

  test('shows what each of its examples prints', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(examples).toHaveLength([...text.matchAll(/^```ts$/gm)].length);
    expect(examples).toHaveLength([...text.matchAll(/^```text$/gm)].length);
  });

  test.each(examples)('$title', async ({ code, output }) => {
    expect(await printedBy(code)).toBe(output);
  });

  test('compiles', () => {
    expect(compilerOutput(examples)).toBe('');
  });
});

function examplesIn(text: string): Example[] {
  const blocks = text.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms);
  return [...blocks].map(({ 1: code = '', 2: output = '', index }) => {
    const heading = [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
    const line = text.slice(0, index).split('\n').length;
    return { title: `${heading}, line ${line}`, code, output };
  });
}

/** Runs an example with a console of its own. */
async function printedBy(code: string): Promise<string> {
  let printed = '';
  const log = (...values: unknown[]) => {
    printed += formatWithOptions({ colors: false }, ...values).trimEnd();
    printed += '\n';
  };
  const body = code.replaceAll(/^import \{(.*)\} from '(.*)';$/gm, (_, names: string, from: string) => {
    return `const {${names.replaceAll(' as ', ': ')}} = await load('${from}');`;
  });
  const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction('load', 'console', body)((from: string) => modules[from]?.(), { log });
  return printed;
}

/** What tsc says to the examples, compiled as a user would. */
function compilerOutput(examples: readonly Example[]): string {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'metrics-examples-'));
  try {
    for (const [index, { code }] of examples.entries()) writeFileSync(join(folder, `example-${index}.ts`), code);
    const compilerOptions = { noEmit: true, composite: false, incremental: false, customConditions: ['@tsukimi/source'] };
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['.'] }),
    );
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
