/** A card of the grid, with a title. */
import type { ComponentChildren } from 'preact';

interface CardProps {
  readonly title: string;
  /** Beside the title: a number, a button. */
  readonly aside?: ComponentChildren;
  /** As wide as the grid. */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

export function Card({ title, aside, isWide = false, children }: CardProps) {
  return (
    <section class={isWide ? 'card card-wide' : 'card'} aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
        {aside !== undefined && <div class="card-aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}
