/** The lists of test files name files that exist. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectPath } from '../support/project.js';
import { ALONE, ONCE, SLOWEST } from '../support/test-groups.js';

it.each([...new Set([...ALONE, ...ONCE, ...SLOWEST])])('%s', (pattern) => {
  expect(existsSync(projectPath(pattern.replace(/\*\*.*$/, '')))).toBe(true);
});

it('a file runs in one group', () => {
  expect(ALONE.filter((pattern) => ONCE.includes(pattern))).toEqual([]);
});
