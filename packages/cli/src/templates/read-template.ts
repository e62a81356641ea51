/** The template files of this package, with the few names in them that differ from project to project. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside `src` and `dist` alike. */
const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

// `__PORT__`: what no file has by chance, and what YAML, JSON and Markdown take as it is.
const PLACEHOLDER = /__([A-Z]+(?:_[A-Z]+)*)__/g;

/** The values of a template's placeholders: `{ PORT: '8000' }` for `__PORT__`. */
export type TemplateValues = Readonly<Record<string, string>>;

/** A file of a template, filled in. */
export interface TemplateFile {
  /** From the template's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** All files of a template folder, by path. */
export function readTemplate(name: string, values: TemplateValues): TemplateFile[] {
  const folder = join(TEMPLATES, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return paths.sort().map((path) => ({ path: finalName(path), text: fillIn(templateText(join(name, path)), values) }));
}

/** A template file as it is, by its path in the templates' folder. */
export function templateText(path: string): string {
  return readFileSync(join(TEMPLATES, path), 'utf8');
}

/** A text with its placeholders replaced; one without a value is a mistake of the template. */
export function fillIn(text: string, values: TemplateValues): string {
  return text.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The template has the placeholder ${placeholder}, which nothing fills in.`);
    return value;
  });
}

// npm leaves files such as .gitignore out of a package, so a leading dot is written as an underscore.
function finalName(path: string): string {
  return path.split(sep).join('/').replace(/^_/, '.');
}
