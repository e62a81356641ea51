/** The filter of a view; its text stands in the address as `filter`. Press `/` to go to it. */
import { usePage } from '../context/page-context.js';
import { Icon } from './icons.js';

export function SearchBox({ label }: { readonly label: string }) {
  const { address, go } = usePage();
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        title="Press / to filter"
        spellcheck={false}
        autocomplete="off"
        value={address.params['filter'] ?? ''}
        onInput={(event) => go({ params: { filter: event.currentTarget.value || undefined } }, true)}
      />
    </label>
  );
}

/** Whether a text has all words of a filter. */
export function matches(text: string, filter: string): boolean {
  const lower = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
