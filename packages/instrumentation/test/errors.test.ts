/** The codes in the errors.ts files are those of the Instrumentation section in docs/reference/errors.md, and every row says how to mend it. */
import { readdirSync } from 'node:fs';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { codesIn, documentedCodes, incompleteRows } from '../../../test/support/error-reference.js';
import { projectPath, projectText } from '../../../test/support/project.js';
import { describeError } from './support/start.js';

const SECTION = 'Instrumentation';
const FILES = readdirSync(projectPath('packages/instrumentation/src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const textOf = (file: string): string => projectText(`packages/instrumentation/src/${file}`);

test('both lists are the same', () => {
  const written = codesIn(
    FILES.filter((file) => file.endsWith('errors.ts'))
      .map(textOf)
      .join(''),
  );
  expect(written.length).toBeGreaterThan(5);
  expect(documentedCodes(SECTION)).toEqual(written);
});

test('no file but errors.ts of a folder makes an error', () => {
  const makers = FILES.filter((file) => textOf(file).includes('new InstrumentationError('));
  expect(makers.filter((file) => !file.endsWith('errors.ts'))).toEqual([]);
});

test('every row has three cells with something in them', () => {
  expect(incompleteRows(SECTION)).toEqual([]);
});

test.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  ['text', 'a string'],
  [() => 1, 'a function'],
])('instrument(%s) is refused by name', (target, received) => {
  try {
    instrument(target as object, { registry: new MetricsRegistry() });
    expect.unreachable();
  } catch (error) {
    expect(describeError(error)).toBe(
      `TSK_ERR_INSTRUMENT_TARGET: instrument() was given ${received}. Give it the object whose methods are to be measured, such as new OrderService().`,
    );
  }
});
