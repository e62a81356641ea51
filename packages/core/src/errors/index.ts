/** `@tsukimi/core/errors`: the error class alone, for code that should not load the framework, such as a command's help. */
export { ApplicationError, isApplicationError } from './application-error.js';
