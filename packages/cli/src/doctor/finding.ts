/** What the doctor has found, and what a check is. */
import type { Project } from './project/project.js';

/** One thing that will not work (`error`), or that is probably not meant (`warning`). */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly where: Place;
  /** What is wrong there, and what comes of it. */
  readonly what: string;
  readonly fix: string;
}

/** A line of a file of the project. */
export interface Place {
  /** From the project's folder, with forward slashes. */
  readonly file: string;
  /** From 1; undefined if it is about the whole file. */
  readonly line?: number | undefined;
}

/** One thing that the doctor looks at. */
export interface Check {
  /** Its heading in docs/guides/doctor.md, and the code of what it finds. */
  readonly code: string;
  /** What is in order where it finds nothing, as a line of a list: `decorator flags in tsconfig.json`. */
  readonly about: string;
  find(project: Project): Promise<readonly Finding[]> | readonly Finding[];
}
