/** A part of the page that scrolls by itself. The keyboard can reach it, because not every browser lets arrow keys scroll what has no focus. */
import type { ComponentChildren, Ref } from 'preact';

interface ScrollRegionProps {
  readonly as?: 'section' | 'main';
  /** What it shows, for screen readers. */
  readonly label?: string;
  readonly id?: string;
  readonly class?: string;
  readonly frame?: Ref<HTMLElement>;
  readonly children: ComponentChildren;
}

export function ScrollRegion({ as: Element = 'section', label, frame, children, ...others }: ScrollRegionProps) {
  return (
    <Element {...others} {...(frame !== undefined && { ref: frame })} tabIndex={0} aria-label={label}>
      {children}
    </Element>
  );
}
