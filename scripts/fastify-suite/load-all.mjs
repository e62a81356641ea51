/** Loads the test files that are named: Node's test runner then runs the tests of all of them, one after another. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
for (const path of process.argv.slice(2)) require(path);
