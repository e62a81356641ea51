/** The views, and which application this is. */
import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../context/page-context.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { VIEWS } from '../views/views.js';
import { nextChoice, type Theme } from './theme.js';

export function Navigation({ theme }: { readonly theme: Theme }) {
  const { meta, address } = usePage();
  const views = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone, the views are a row that is longer than the screen.
    views.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [address.view]);
  return (
    <aside class="side" aria-label="Application">
      <div class="brand">
        <span class="moon" aria-hidden="true" />
        <div class="brand-text">
          <p class="brand-name" title={meta.name ?? undefined}>
            {meta.name ?? 'Tsukimi'}
          </p>
          <p class="brand-about">{meta.version === null ? 'Live page' : `Version ${meta.version}`}</p>
        </div>
      </div>
      <nav aria-label="Views" ref={views}>
        {VIEWS.map(({ name, title, icon, isThere }) => (
          <Link
            key={name}
            to={{ view: name }}
            class={isThere?.(meta.has) === false ? 'nav-link nav-quiet' : 'nav-link'}
            aria-current={name === address.view ? 'page' : undefined}
          >
            <Icon name={icon} />
            <span>{title}</span>
          </Link>
        ))}
      </nav>
      <div class="side-foot">
        <button
          type="button"
          class="button theme-button"
          onClick={() => theme.choose(nextChoice(theme.choice))}
          aria-label={`Colours: ${theme.choice}. Change to ${nextChoice(theme.choice)}.`}
          title={`Colours: ${theme.choice}`}
        >
          <Icon name={theme.choice} />
          <span class="theme-name">{theme.choice === 'system' ? 'System' : theme.choice === 'light' ? 'Light' : 'Dark'}</span>
        </button>
        <dl class="process">
          <div>
            <dt>Host</dt>
            <dd title={meta.host}>{meta.host}</dd>
          </div>
          <div>
            <dt>Process</dt>
            <dd>{meta.pid}</dd>
          </div>
          <div>
            <dt>Node.js</dt>
            <dd>{meta.nodeVersion}</dd>
          </div>
        </dl>
      </div>
    </aside>
  );
}
