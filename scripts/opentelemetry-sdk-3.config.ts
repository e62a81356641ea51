/** The tests of @tsukimi/opentelemetry on another version of OpenTelemetry's SDK: that of the folder in `OPENTELEMETRY_SDK`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folder = join(process.env['OPENTELEMETRY_SDK'] ?? '', 'node_modules');
const { peerDependencies } = JSON.parse(readFileSync(new URL('../packages/opentelemetry/package.json', import.meta.url), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};

/** What Node finds in that folder under a name. */
function mainOf(name: string): string {
  const { main } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { readonly main: string };
  return join(folder, name, main);
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: {
    conditions: ['@tsukimi/source', 'node'],
    alias: Object.keys(peerDependencies).map((name) => ({ find: new RegExp(`^${name}$`), replacement: mainOf(name) })),
  },
  ssr: { resolve: { conditions: ['@tsukimi/source', 'node'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ['test/support/postgres/global-setup.ts'],
    include: ['packages/opentelemetry/test/**/*.test.ts'],
    exclude: ['**/snippets-*/**'],
  },
});
