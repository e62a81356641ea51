/** Where the documentation is on the web. "npm run repository" sets the address here, as in every manifest; nothing is published before. */
const REPOSITORY_URL = 'https://repository.invalid/tsukimi';

/** The page with a section for each alert. */
export const DEFAULT_RUNBOOK = `${REPOSITORY_URL}/blob/main/docs/guides/alerts-and-slos.md`;
