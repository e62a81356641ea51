/** Describes how the calls of a component are measured. */
import type { Unhandled } from '../metadata/unhandled.js';
import type { MethodObserver } from './recording/call-recorder.js';

/** A measured component: the labels of its series, and its selected methods. */
export interface MeasuredComponent {
  /** Value of the `component` label. */
  readonly component: string;
  /** The kind of the component for the JSON view: `service`, `repository`, `controller`, `object`. */
  readonly kind: string;
  /** Identifies this selection of methods among others of the same component. */
  readonly selection: string;
  /** Whether a method is measured. */
  readonly includes: (method: string) => boolean;
  /** Whether a function that an instance only holds was named explicitly, and is therefore measured like a method. */
  readonly names: (method: string) => boolean;
  /** Whether a method counts for the objective of its class, independently of whether it is measured otherwise. */
  readonly countsForClass: (method: string) => boolean;
  /**
   * Whether errors that its methods throw synchronously are caught and thrown again, so that their class is known. Those of several components of one
   * name are treated as those of the first.
   */
  readonly seesThrown: boolean;
  /** Observers of its measured calls, in addition to those of the registry. `selection` identifies them. */
  readonly observersOf: (method: string) => readonly MethodObserver[];
  /** What happens to unhandled rejections of promises that a method returns. */
  readonly unhandledOf: (method: string) => Unhandled;
}
