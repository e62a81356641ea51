/** `npm run repository -- URL`: sets the repository's URL in every manifest, link and workflow. */
import { setRepository } from './repository.js';

const [url] = process.argv.slice(2);
if (url === undefined) {
  console.error('Give the URL of the repository: npm run repository -- https://github.com/OWNER/NAME');
  process.exit(2);
}
try {
  const files = setRepository(process.cwd(), url);
  console.log(files.length === 0 ? `Nothing to do: the URL is ${url} already.` : `Set ${url} in:\n  ${files.join('\n  ')}`);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
