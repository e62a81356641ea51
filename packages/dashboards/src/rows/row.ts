/** A heading and the panels below it. */
import type { PanelDraft } from '../panels/panel.js';

export interface DashboardRow {
  readonly title: string;
  /** In reading order; they are laid out from left to right, as many in a line as there is room for. */
  readonly panels: readonly PanelDraft[];
}
