/** The live page. */

export type * from './api-types.js';
