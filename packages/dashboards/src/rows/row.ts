/** A row: a heading, and the panels below it. */
import type { PanelDraft } from '../panels/panel.js';

export interface DashboardRow {
  readonly title: string;
  /** The panels in reading order. They are placed from left to right, as many in a line as fit. */
  readonly panels: readonly PanelDraft[];
}
