/** The errors of requests that are left out. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const invalidRoutePattern = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_HTTP_EXCLUDE',
    `${key}: ${printed(value)} is not a pattern for routes (${source}). Write the route's template, with * for any part of it and, for one HTTP method only, the method first: /health/*, GET /events. For all requests with a method, write { method: 'OPTIONS' }; for those that no route matches, { unmatched: true }.`,
  );
