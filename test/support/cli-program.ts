/** The built `tsukimi` command, as its bin runs it. */
import { existsSync } from 'node:fs';
import { projectPath } from './project.js';

/** The file behind the command; building it is not the tests' business. */
export function cliMain(): string {
  const main = projectPath('packages/cli/dist/main.js');
  if (!existsSync(main)) throw new Error(`${main} does not exist: run "npm run build" first ("npm test" does).`);
  return main;
}
