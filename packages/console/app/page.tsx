/** The frame of the page: what is shown, over which range, and whether the application answers. */
import { useEffect, useState } from 'preact/hooks';
import type { Meta, MethodRow, Overview, RouteRow, Table } from '../src/api-types.js';
import { usePolling } from './polling.js';
import { ActivityTable } from './views/activity-table.js';
import { OverviewView } from './views/overview.js';

const VIEWS = ['overview', 'routes', 'components'] as const;
type View = (typeof VIEWS)[number];

const RANGES: readonly { readonly seconds: number; readonly title: string }[] = [
  { seconds: 60, title: '1 minute' },
  { seconds: 300, title: '5 minutes' },
  { seconds: 900, title: '15 minutes' },
  { seconds: 3600, title: '1 hour' },
];

/** What the address bar says, so that a view can be shared as a link. */
interface Shown {
  readonly view: View;
  readonly range: number;
}

export function Page({ meta }: { readonly meta: Meta }) {
  const [shown, setShown] = useState(shownBy(location.hash));
  const [isPaused, setIsPaused] = useState(false);
  useEffect(() => {
    const onChange = (): void => setShown(shownBy(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  const { view, range } = shown;
  const { answer, isConnected } = usePolling<unknown>(`api/${view}?range=${range}`, isPaused);
  return (
    <>
      <header>
        <h1>{meta.name ?? 'Tsukimi'}</h1>
        <nav aria-label="Views">
          {VIEWS.map((each) => (
            <a key={each} href={hashOf({ view: each, range })} aria-current={each === view ? 'page' : undefined}>
              {titleOf(each)}
            </a>
          ))}
        </nav>
        <label>
          Range{' '}
          <select
            value={String(range)}
            onChange={(event) => {
              location.hash = hashOf({ view, range: Number(event.currentTarget.value) });
            }}
          >
            {RANGES.map(({ seconds, title }) => (
              <option key={seconds} value={String(seconds)}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-pressed={isPaused} onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? 'Go on' : 'Pause'}
        </button>
      </header>
      <main>
        <p class="state" role="status">
          {stateOf(meta, { isPaused, isConnected })}
        </p>
        {answer === undefined ? <p class="note">Loading…</p> : <Shows view={view} answer={answer} />}
      </main>
    </>
  );
}

function Shows({ view, answer }: { readonly view: View; readonly answer: unknown }) {
  if (view === 'overview') return <OverviewView overview={answer as Overview} />;
  if (view === 'routes') return <ActivityTable table={answer as Table<RouteRow>} what="Route" />;
  return <ActivityTable table={answer as Table<MethodRow>} what="Method" />;
}

function stateOf(meta: Meta, { isPaused, isConnected }: { readonly isPaused: boolean; readonly isConnected: boolean }): string {
  if (!meta.isMeasuring) return 'Measuring is switched off (instrumentation.enabled).';
  if (isPaused) return 'Paused.';
  return isConnected ? '' : 'The application does not answer. The page tries again every 2 seconds.';
}

function shownBy(hash: string): Shown {
  const given = new URLSearchParams(hash.slice(1));
  const view = VIEWS.find((each) => each === given.get('view')) ?? 'overview';
  const range = RANGES.find(({ seconds }) => String(seconds) === given.get('range'))?.seconds ?? 900;
  return { view, range };
}

function hashOf({ view, range }: Shown): string {
  return `#view=${view}&range=${range}`;
}

function titleOf(view: View): string {
  return view.charAt(0).toUpperCase() + view.slice(1);
}
