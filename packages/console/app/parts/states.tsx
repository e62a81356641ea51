/** What is shown where there is nothing to show, and why. */
import type { ComponentChildren } from 'preact';

interface NoteProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** Nothing is there yet, or nothing fits a filter. */
export function Empty({ title, children }: NoteProps) {
  return (
    <div class="note">
      <p class="note-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

/** The first answer has not come yet. Takes the room of what comes. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="note" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>Loading {what}…</p>
    </div>
  );
}

/** Something is switched off, or missing in this application. */
export function Off({ title, children }: NoteProps) {
  return (
    <div class="note note-off">
      <p class="note-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}
