/** Warnings about calls that can't be measured exactly. They are never thrown. */
import { InstrumentationError } from '../errors.js';

export const returnedProxy = (component: string, method: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_CALL_PROXY',
    `${component}.${method}() returned a Proxy, which would notice being watched. If it is a promise or a query, its calls are counted as successes that end when the method returns. To time them to their end, return the promise behind the Proxy, or make the method async so that it awaits the result. To measure nothing of the method, exclude it.`,
  );
