import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Constructor injection reads the types that the compiler leaves behind: Vite leaves them as tsc does with this.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { include: ['test/**/*.test.ts'] },
});
