/** All views, in the order of the navigation. To add one: a file in this folder, and a line here. */
import type { FunctionComponent } from 'preact';
import type { Meta } from '../../src/api-types.js';
import type { IconName } from '../parts/icons.js';
import { CustomView } from './custom.js';
import { MapView } from './map.js';
import { OverviewView } from './overview.js';
import { ProfileView } from './profile.js';
import { SchedulerView } from './scheduler.js';
import { SettingsView } from './settings.js';
import { ComponentsView, RoutesView } from './tables.js';

export interface ViewEntry {
  /** In the address. */
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  /** False if it shows the present only: it takes no range. */
  readonly hasRange: boolean;
  /** Whether there is something to show; the view says why not. */
  readonly isThere?: (has: Meta['has']) => boolean;
  readonly View: FunctionComponent;
}

export const VIEWS: readonly ViewEntry[] = [
  { name: 'overview', title: 'Overview', icon: 'overview', hasRange: true, View: OverviewView },
  { name: 'routes', title: 'Routes', icon: 'routes', hasRange: true, isThere: ({ http }) => http, View: RoutesView },
  {
    name: 'components',
    title: 'Components',
    icon: 'components',
    hasRange: true,
    isThere: ({ components }) => components,
    View: ComponentsView,
  },
  { name: 'map', title: 'Map', icon: 'map', hasRange: true, isThere: ({ components }) => components, View: MapView },
  { name: 'scheduler', title: 'Scheduler', icon: 'scheduler', hasRange: true, isThere: ({ scheduler }) => scheduler, View: SchedulerView },
  { name: 'custom', title: 'Custom', icon: 'custom', hasRange: true, View: CustomView },
  { name: 'profile', title: 'Profile', icon: 'profile', hasRange: false, isThere: ({ profile }) => profile, View: ProfileView },
  { name: 'settings', title: 'Settings', icon: 'settings', hasRange: false, isThere: ({ settings }) => settings, View: SettingsView },
];
