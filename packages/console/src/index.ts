/** The live page. Importing it makes it available to applications and to `httpInstrumentation({ console: true })`. */
import { registerConsole } from '@tsukimi/instrumentation';
import { makeLivePage } from './live-page.js';

registerConsole(makeLivePage);

export type * from './api-types.js';
export { type LivePage, type LivePageParts, makeLivePage } from './live-page.js';
