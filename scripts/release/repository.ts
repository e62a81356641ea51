/** The repository's URL: it stands in the manifests, links and workflows, and is set in all of them at once. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands for the URL until the owner sets it. The top-level domain `invalid` never resolves (RFC 2606). */
export const UNSET_URL = 'https://repository.invalid/tsukimi';

const UNSET_OWNER = 'owner.invalid';

/** Where the placeholder is the subject, not a place to fill in. */
const EXCLUDED = ['scripts/release/', 'test/release/', 'RELEASE.md', 'CHANGELOG.md'];

/** A line that still holds the placeholder: `file:line`. */
export type Place = `${string}:${number}`;

/**
 * Puts the URL everywhere that the current one stands.
 * @param root the folder of the checkout
 * @param url `https://HOST/OWNER/NAME`
 * @returns the files that changed
 * @throws TypeError where the URL has another form
 */
export function setRepository(root: string, url: string): string[] {
  const { owner } = parseRepositoryUrl(url);
  const current = currentUrl(root);
  const currentOwner = current === UNSET_URL ? UNSET_OWNER : parseRepositoryUrl(current).owner;
  return trackedFiles(root).filter((file) => {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    let changed = text.replaceAll(current, url);
    if (file === '.github/CODEOWNERS') changed = changed.replaceAll(`@${currentOwner}`, `@${owner}`);
    if (changed !== text) writeFileSync(path, changed);
    return changed !== text;
  });
}

/** The places that still hold the placeholder; none once the URL is set. */
export function unsetPlaces(root: string): Place[] {
  return trackedFiles(root).flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index): Place[] => (line.includes(UNSET_URL) || line.includes(`@${UNSET_OWNER}`) ? [`${file}:${index + 1}`] : [])),
  );
}

/** @throws TypeError where the URL is not `https://HOST/OWNER/NAME` */
export function parseRepositoryUrl(url: string): { readonly owner: string; readonly name: string } {
  const match = /^https:\/\/[a-z0-9.-]+\/(?<owner>[\w.-]+)\/(?<name>[\w.-]+?)$/u.exec(url);
  const { owner, name } = match?.groups ?? {};
  if (owner === undefined || name === undefined || name.endsWith('.git')) {
    throw new TypeError(
      `The repository URL ${JSON.stringify(url)} does not have the form https://HOST/OWNER/NAME. Write it without ".git" and without a slash at the end.`,
    );
  }
  return { owner, name };
}

function currentUrl(root: string): string {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository: { url: string } };
  return repository.url.replace(/^git\+/u, '').replace(/\.git$/u, '');
}

function trackedFiles(root: string): string[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  return files.filter((file) => /(?:\.(?:json|md|ya?ml|ts)|CODEOWNERS)$/u.test(file) && !EXCLUDED.some((part) => file.startsWith(part)));
}
