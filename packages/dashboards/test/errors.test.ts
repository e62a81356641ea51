/** Every error code of this package is documented, and every documented code exists. */
import { DashboardError } from '@tsukimi/dashboards';
import { expect, test } from 'vitest';
import { codesIn, documentedCodes, incompleteRows } from '../../../test/support/error-reference.js';
import { projectText } from '../../../test/support/project.js';

const SECTION = 'Dashboards and rules';

test('both lists are the same', () => {
  const written = codesIn(projectText('packages/dashboards/src/errors.ts'));
  expect(written.length).toBeGreaterThan(5);
  expect(documentedCodes(SECTION)).toEqual(written);
});

test('every row has three cells with something in them', () => {
  expect(incompleteRows(SECTION)).toEqual([]);
});

test('an error carries its code, its name and its cause', () => {
  const cause = new Error('why');
  const error = new DashboardError('TSK_ERR_DASHBOARD_URL', 'what', { cause });
  expect(error).toMatchObject({ name: 'DashboardError', code: 'TSK_ERR_DASHBOARD_URL', message: 'what', cause });
});
