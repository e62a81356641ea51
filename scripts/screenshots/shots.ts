/** The screenshots of the live page in docs/images. */

export interface Shot {
  /** In the name of the file. */
  readonly name: string;
  /** The address of the page. */
  readonly query: string;
  /** The name of a button that is pressed first, and a selector of what it brings. */
  readonly press?: { readonly button: string; readonly brings: string };
}

const RANGE = 'range=60';

export const SHOTS: readonly Shot[] = [
  { name: 'overview', query: `view=overview&${RANGE}` },
  { name: 'routes', query: `view=routes&${RANGE}` },
  { name: 'route', query: `view=routes&${RANGE}&method=GET&path=/api/orders/revenue` },
  { name: 'components', query: `view=components&${RANGE}` },
  { name: 'map', query: `view=map&${RANGE}` },
  { name: 'scheduler', query: `view=scheduler&${RANGE}` },
  { name: 'custom', query: `view=custom&${RANGE}` },
  { name: 'profile', query: 'view=profile&seconds=5', press: { button: 'Start', brings: '.flame' } },
  { name: 'settings', query: 'view=settings' },
];

export interface Mode {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

export const MODES: readonly Mode[] = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
];

/** `live-page-map-dark.webp` */
export function imageOf(shot: Pick<Shot, 'name'>, mode: Pick<Mode, 'name'>): string {
  return `live-page-${shot.name}-${mode.name}.webp`;
}
