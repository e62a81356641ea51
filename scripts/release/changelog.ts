/** Closes the changelog's unreleased section when a version is made. */

const UNRELEASED = /^## (?:Unreleased|\d+\.\d+\.\d+ \(unreleased\))$/mu;

/**
 * The changelog with its unreleased section under the version's heading.
 * @param text the changelog
 * @param release the version, and its date as YYYY-MM-DD
 * @throws Error where there is no unreleased section or nothing in it
 */
export function closeUnreleased(text: string, { version, date }: { readonly version: string; readonly date: string }): string {
  const match = UNRELEASED.exec(text);
  if (match === null)
    throw new Error('CHANGELOG.md has no section "## Unreleased". Add one with a line for each change that users notice.');
  const after = text.slice(match.index + match[0].length);
  const end = after.search(/^## /mu);
  const lines = end === -1 ? after : after.slice(0, end);
  if (!/^- \[/mu.test(lines))
    throw new Error('The section "## Unreleased" of CHANGELOG.md has no lines. Write what users get with this version.');
  return `${text.slice(0, match.index)}## ${version} (${date})${after}`;
}
