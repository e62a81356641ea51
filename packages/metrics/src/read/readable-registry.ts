/** What a reader needs of a registry. */
import type { LeaveOut } from '../exposition/read-metric.js';
import type { Instrument } from '../instruments/instrument.js';
import type { FamilySource } from './family-source.js';

/** Code that keeps account of the metrics of a registry. */
export interface RegistryWatcher {
  /** Called when a metric was registered. */
  added(metric: object): void;
  /** Called before a metric is removed. */
  dropping(metric: object): void;
}

/** A registry that can be read. `MetricsRegistry` is one. */
export interface ReadableRegistry {
  /** @internal Collects the metrics, and returns them with their current series. */
  sources(leaveOut?: LeaveOut): Promise<readonly FamilySource[]>;
  /** @internal */
  source(instrument: Instrument): FamilySource;
  /** @internal Adds a watcher, and returns the metrics that are registered. */
  watch(watcher: RegistryWatcher): readonly object[];
  /** @internal */
  unwatch(watcher: RegistryWatcher): void;
}
