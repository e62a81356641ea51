/** Finds the parts of generated files that come from an application, and would be lost if they were generated from the catalogue only. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mappingOf } from '../mapping.js';
import { ownMetricsDropped } from '../output/errors.js';
import { type GeneratedFile, hasMark } from '../output/generated-file.js';
import type { GenerationFlags } from './options.js';

/** The new files, and the paths of files that would be removed. */
export interface NextFiles {
  readonly files: readonly GeneratedFile[];
  readonly obsolete: readonly string[];
}

/** The row of the dashboard for an application's own metrics. */
const OWN_ROW = 'Custom metrics';

/**
 * Does nothing with `--from` or `--force`, because changes are then intended.
 * @throws CommandError `TSK_ERR_OUTPUT_DROPPED`
 */
export async function refuseDropping(folder: string, { files, obsolete }: NextFiles, { from, force }: GenerationFlags): Promise<void> {
  if (from !== undefined || force === true) return;
  const dropped: string[] = [];
  for (const { path, text } of files.filter((file) => file.path.endsWith('.json'))) {
    const next = new Set(ownPanels(text));
    const lost = ownPanels(await generatedText(join(folder, path))).filter((title) => !next.has(title));
    if (lost.length > 0) dropped.push(`${path}: panels for ${lost.join(', ')}`);
  }
  for (const path of obsolete.filter((each) => each.endsWith('slo.yml')))
    if ((await generatedText(join(folder, path))) !== '') dropped.push(`${path}: the alerts for objectives`);
  if (dropped.length > 0) throw ownMetricsDropped(dropped);
}

/** Returns the text of a file with the mark, otherwise an empty text. If the file can't be read, writing to it will report the error. */
async function generatedText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return hasMark(text) ? text : '';
}

/** The titles of the panels below the row of an application's own metrics. */
function ownPanels(text: string): string[] {
  const panels = panelsOf(text);
  const row = panels.findIndex(({ type, title }) => type === 'row' && title === OWN_ROW);
  if (row === -1) return [];
  const rest = panels.slice(row + 1);
  const end = rest.findIndex(({ type }) => type === 'row');
  return rest.slice(0, end === -1 ? undefined : end).map(({ title }) => String(title));
}

function panelsOf(text: string): { readonly type?: unknown; readonly title?: unknown }[] {
  try {
    const panels = mappingOf(JSON.parse(text))?.['panels'];
    return Array.isArray(panels) ? panels.map((panel) => mappingOf(panel) ?? {}) : [];
  } catch {
    return [];
  }
}
