/** Runs around every test file that shares its process: the next one finds real timers, and what was stubbed as it was. */
import { afterAll, vi } from 'vitest';

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});
