/** A link within the page: it can be opened in another tab, and otherwise changes the page without loading it. */
import type { ComponentChildren } from 'preact';
import type { Change } from '../address/address.js';
import { usePage } from '../context/page-context.js';

interface LinkProps {
  readonly class?: string;
  readonly title?: string;
  readonly 'aria-current'?: 'page' | undefined;
  readonly 'data-row'?: number;
  readonly to: Change;
  readonly children: ComponentChildren;
}

export function Link({ to, children, ...others }: LinkProps) {
  const { go, link } = usePage();
  const onClick = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a {...others} href={link(to)} onClick={onClick}>
      {children}
    </a>
  );
}
