/** The icons: 16 pixels, in the colour of the text. */

const PATHS = {
  overview: 'M2 9.5 5 6l3 3 5.5-6M2 13.5h12',
  routes: 'M2 4h6a3 3 0 0 1 3 3v1a3 3 0 0 0 3 3M11.5 8.5 14 11l-2.5 2.5M2 8h3',
  components: 'M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8.2 13.5 5M8 8.2v6',
  map: 'M4 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4.5 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5.9 4.6l4.3 2.1M6.3 11.1l4-2.4',
  scheduler: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 4.5V8l2.5 1.5',
  custom: 'M2.5 13.5v-4M6.2 13.5v-9M9.8 13.5V8M13.5 13.5v-11',
  settings:
    'M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM5 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z',
  profile:
    'M8 14.2c-2.8 0-4.7-1.8-4.7-4.4C3.3 6.5 7 5.5 6.5 1.8c2.8.9 3.6 3 3.3 4.7.8-.2 1.2-.8 1.3-1.5 1 1.3 1.6 2.9 1.6 4.6 0 2.8-1.9 4.6-4.7 4.6z',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 2.8v10.4L13 8z',
  light: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7',
  dark: 'M13.7 9.7A6 6 0 0 1 6.3 2.3a6 6 0 1 0 7.4 7.4z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  back: 'M9.5 3 4.5 8l5 5',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
