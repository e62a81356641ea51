/** How the page stands to the application, in words. */
import type { LiveStatus } from '../context/page-context.js';

const TEXTS: Readonly<Record<LiveStatus, { readonly text: string; readonly long: string }>> = {
  loading: { text: 'Connecting', long: 'Waiting for the first answer.' },
  live: { text: 'Live', long: 'Updated every second.' },
  paused: { text: 'Paused', long: 'Nothing is updated until you resume.' },
  fixed: { text: 'Fixed range', long: 'A range in the past does not change.' },
  disconnected: { text: 'Disconnected', long: 'The application does not answer. The page connects again by itself.' },
  full: {
    text: 'Too many pages',
    long: 'The application has as many pages open as it takes. Close one; this one tries again every 10 seconds.',
  },
};

export function StatusPill({ status }: { readonly status: LiveStatus | undefined }) {
  if (status === undefined) return null;
  const { text, long } = TEXTS[status];
  return (
    <p class={`status status-${status}`} role="status" title={long}>
      <span class="status-dot" aria-hidden="true" />
      {text}
      {(status === 'disconnected' || status === 'full') && <span class="status-long"> {long}</span>}
    </p>
  );
}
