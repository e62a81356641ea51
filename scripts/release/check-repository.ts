/** Fails while the repository's URL is unset. Each package runs it before `npm publish`, and the release workflow before it publishes tarballs. */
import { fileURLToPath } from 'node:url';
import { unsetPlaces } from './repository.js';

const places = unsetPlaces(fileURLToPath(new URL('../../', import.meta.url)));
if (places.length > 0) {
  console.error(
    `The repository's URL is not set, so nothing can be published. Set it with:\n  npm run repository -- https://github.com/OWNER/NAME\nIt is missing in:\n  ${places.join('\n  ')}`,
  );
  process.exit(1);
}
