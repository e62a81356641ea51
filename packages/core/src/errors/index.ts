/** `@tsukimi/core/errors`: the error class alone, for what must not load the framework, such as a command's help. */
export { ApplicationError, isApplicationError } from './application-error.js';
