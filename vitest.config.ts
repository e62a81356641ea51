import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests run on the sources of every package: no build stands between a change and its test.
// Node itself is given these conditions too. Not `module`: @opentelemetry/api's `module` build is for bundlers only. Not `import`, which Vite adds
// where it applies: CommonJS packages would get the ES modules of what they require.
const conditions = ['@tsukimi/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Vitest leaves one core free: on a machine with two, that would be half of them.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
