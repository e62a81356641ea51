/** What the calls of a component are measured as. */
import type { Unhandled } from '../metadata/unhandled.js';

/** A component as it is measured: what its series are labelled with, and which of its methods take part. */
export interface MeasuredComponent {
  /** Value of the `component` label. */
  readonly component: string;
  /** What kind of component it is, shown beside it: `service`, `repository`, `controller`, `object`. */
  readonly kind: string;
  /** What tells this selection of methods from another of the same component. */
  readonly selection: string;
  /** Whether a method is measured. */
  readonly includes: (method: string) => boolean;
  /** Whether a function that an instance only holds was named, and so is measured like a method. */
  readonly names: (method: string) => boolean;
  /** Whether a method counts for what its class asks for over all of its methods, whether or not it is measured otherwise. */
  readonly countsForClass: (method: string) => boolean;
  /** What becomes of rejections that nobody handles, of promises that a method hands on. */
  readonly unhandledOf: (method: string) => Unhandled;
}
