/** What an error of the dashboards carries. */
import { DashboardError } from '@tsukimi/dashboards';
import { expect, test } from 'vitest';

test('an error carries its code, its name and its cause', () => {
  const cause = new Error('why');
  const error = new DashboardError('TSK_ERR_REMOTE_URL', 'what', { cause });
  expect(error).toMatchObject({ name: 'DashboardError', code: 'TSK_ERR_REMOTE_URL', message: 'what', cause });
});
