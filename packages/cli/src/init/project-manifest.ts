/** The package.json that new projects get. */
import { templateText } from '../templates/read-template.js';

/** As far as it matters here. */
export interface ProjectManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function projectManifest(): ProjectManifest {
  return JSON.parse(templateText('project/package.json')) as ProjectManifest;
}
