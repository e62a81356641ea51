/** The address of the repository. "npm run repository" sets it here and in all manifests, before anything can be published. */
const REPOSITORY_URL = 'https://repository.invalid/tsukimi';

/** The page with a section for each alert. */
export const DEFAULT_RUNBOOK = `${REPOSITORY_URL}/blob/main/docs/guides/alerts-and-slos.md`;
