/** The frame of the page: navigation, range, pause, theme, and how the page stands to the application. */

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Meta } from '../../src/api-types.js';
import { isFixed } from '../address/address.js';
import type { LiveStatus } from '../context/page-context.js';
import { PageContext, type PageState } from '../context/page-context.js';
import { ask } from '../data/ask.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { Off } from '../parts/states.js';
import { VIEWS, type ViewEntry } from '../views/views.js';
import { Navigation } from './navigation.js';
import { RangePicker } from './range-picker.js';
import { StatusPill } from './status-pill.js';
import { useTheme } from './theme.js';
import { useAddress } from './use-address.js';
import { useShortcuts } from './use-shortcuts.js';

const META_MS = 30_000;

export function Page({ meta: first }: { readonly meta: Meta }) {
  const [meta, setMeta] = useState(first);
  const { address, go, link } = useAddress();
  const [isPaused, setIsPaused] = useState(false);
  const [status, report] = useState<LiveStatus>('loading');
  const theme = useTheme();
  const [seen, sawInstance] = useState(first.instance);
  useEffect(() => {
    const renew = async (): Promise<void> => {
      const next = document.hidden ? undefined : await ask<Meta>('api/meta');
      if (next !== undefined) setMeta(next);
    };
    if (seen !== meta.instance) void renew();
    const timer = setInterval(renew, META_MS);
    return () => clearInterval(timer);
  }, [seen]);
  const entry = VIEWS.find(({ name }) => name === address.view);
  const pause = useCallback(() => setIsPaused((before) => !before), []);
  useShortcuts({ go, pause });
  useEffect(() => {
    document.title = `${entry?.title ?? 'Not found'} · ${meta.name ?? 'Tsukimi'}`;
  }, [entry, meta.name]);
  const page = useMemo(
    (): PageState => ({ meta, address, isPaused, theme: theme.shown, go, link, report, sawInstance }),
    [meta, address, isPaused, theme.shown, go, link],
  );
  return (
    <PageContext.Provider value={page}>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <Navigation theme={theme} />
      <header class="bar">
        <h1>{entry?.title ?? 'Not found'}</h1>
        <StatusPill status={entry?.hasRange === true ? status : undefined} />
        <div class="bar-tools">{entry?.hasRange === true && <RangePicker isPaused={isPaused} onPause={pause} />}</div>
      </header>
      {/* A fixed range begins anew. */}
      <ScrollRegion as="main" id="content" key={`${address.view} ${isFixed(address.range)}`}>
        {!meta.isMeasuring && (
          <p class="banner" role="status">
            Measuring is switched off (<code>instrumentation.enabled: false</code>): only the application's own metrics are shown.
          </p>
        )}
        <Shown entry={entry} />
      </ScrollRegion>
    </PageContext.Provider>
  );
}

function Shown({ entry }: { readonly entry: ViewEntry | undefined }) {
  if (entry === undefined) return <Off title="There is no view of this name.">Choose one in the navigation.</Off>;
  return <entry.View />;
}
