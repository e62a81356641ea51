/** Builds the page in `app/` into `dist/app`, which the npm package ships. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'app',
  // Relative addresses, because the path of the metrics can be configured.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/app',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets and the polyfill would need a weaker Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
});
