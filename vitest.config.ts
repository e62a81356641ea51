import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.js';
import { ALL, ALONE, ONCE } from './test/support/test-groups.js';

// Tests run on the sources of every package: no build stands between a change and its test.
// Node itself is given these conditions too. Not `module`: @opentelemetry/api's `module` build is for bundlers only. Not `import`, which Vite adds
// where it applies: CommonJS packages would get the ES modules of what they require.
const conditions = ['@tsukimi/source', 'node'];

// What tests write from the snippets of the docs is theirs to run.
const exclude = [...configDefaults.exclude, '**/snippets-*/**'];

// Files that share a process, which saves loading every module again for every file.
const together = { isolate: false, setupFiles: ['test/support/leave-nothing-behind.ts'] };

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    // Vitest leaves one core free: on a machine with two, that would be half of them.
    maxWorkers: availableParallelism(),
    // A limit for what hangs. A machine that has much else to do takes several times as long as usual.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['test/support/postgres/global-setup.ts'],
    sequence: { sequencer: SlowestFirst },
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.d.ts'],
      // Just below what is covered: a change that leaves its code untested fails.
      thresholds: { lines: 96, statements: 95, functions: 95, branches: 91 },
    },
    projects: [
      { extends: true, test: { name: 'once', ...together, include: [...ONCE], exclude } },
      { extends: true, test: { name: 'alone', include: [...ALONE], exclude } },
      {
        extends: true,
        test: {
          name: 'shared',
          ...together,
          include: [...ALL],
          exclude: [...exclude, ...ONCE, ...ALONE],
        },
      },
    ],
  },
});
