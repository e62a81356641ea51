/** The types of findings and checks. */
import type { Project } from './project/project.js';

/** A problem: something that will not work (`error`), or is probably a mistake (`warning`). */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly where: Place;
  /** The problem and its consequence. */
  readonly what: string;
  readonly fix: string;
}

/** A line of a file of the project. */
export interface Place {
  /** The path from the project's folder, with forward slashes. */
  readonly file: string;
  /** The line, from 1; undefined if the finding is about the whole file. */
  readonly line?: number | undefined;
}

/** A check of the doctor. */
export interface Check {
  /** The heading of the check in docs/guides/doctor.md, and the code of its findings. */
  readonly code: string;
  /** What the check has confirmed if it finds nothing, as a line of a list: `the decorator flags in tsconfig.json`. */
  readonly about: string;
  find(project: Project): Promise<readonly Finding[]> | readonly Finding[];
}
