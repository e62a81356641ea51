/** What docs/reference/errors.md says of a package's errors, and what its sources have. */
import { projectText } from './project.js';

/** Every code that is written in a source, each once, in alphabetical order. */
export function codesIn(source: string): string[] {
  return [...new Set(codesOf(source, /'(TSK_ERR_[A-Z_]+)'/g))].sort();
}

/** The codes of a section of the page, in alphabetical order. */
export function documentedCodes(section: string): string[] {
  return codesOf(sectionOf(section), /^\| `(TSK_ERR_[A-Z_]+)` \|/gm).sort();
}

/** Its rows that lack one of code, what happened and how to mend it. */
export function incompleteRows(section: string): string[] {
  const rows = sectionOf(section)
    .split('\n')
    .filter((line) => line.startsWith('| `TSK_'));
  return rows.filter((row) => {
    const cells = row.split('|').slice(1, -1);
    return cells.length !== 3 || cells.some((cell) => cell.trim().length <= 10);
  });
}

function codesOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, code = '']) => code);
}

function sectionOf(name: string): string {
  const sections = projectText('docs/reference/errors.md').split(/^## /m);
  const section = sections.find((each) => each.startsWith(`${name}\n`));
  if (section === undefined) throw new Error(`docs/reference/errors.md has no section ${name}.`);
  return section;
}
